/// Why the server ends one subscription of a session (`spec/session.md` §6).
///
/// Clients subscribe again by themselves, from where they stood, after codes from 2500 on.
public struct SessionUnsubscribe: Hashable, Sendable, CustomStringConvertible {
    /// The number by which clients know it.
    public var code: UInt32
    /// A text for people.
    public var reason: String

    /// States a reason; an application's own codes are 2000 to 2999.
    public init(code: UInt32, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The text form.
    public var description: String { "\(code) \(reason)" }

    /// 2000: the server wants it so.
    public static let server = SessionUnsubscribe(code: 2000, reason: "server unsubscribe")
    /// 2500: messages between the client's position and the log can't be had; subscribing again tells what is recovered.
    public static let insufficientState = SessionUnsubscribe(code: 2500, reason: "insufficient state")
    /// 2501: the subscription was not refreshed in time.
    public static let expired = SessionUnsubscribe(code: 2501, reason: "subscription expired")
}
