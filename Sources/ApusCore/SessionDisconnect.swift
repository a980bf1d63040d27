/// Why a session is ended (`spec/session.md` §6).
///
/// Clients come back by themselves after 3000 to 3499 and 4000 to 4499, and do not after 3500 to 3999 and 4500 to 4999. An
/// application's own codes are 4000 to 4999.
public struct SessionDisconnect: Error, Hashable, Sendable, CustomStringConvertible {
    /// The longest reason, in bytes: with the code it must fit a WebSocket's close frame (RFC 6455 §5.5).
    public static let maximumReasonLength = 123

    /// The number by which clients know it.
    public var code: UInt16
    /// A text for people.
    public var reason: String

    /// States a disconnect.
    public init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The text form.
    public var description: String { "\(code) \(reason)" }

    /// 3000: the connection was closed or lost, and nobody said why.
    public static let connectionClosed = SessionDisconnect(code: 3000, reason: "connection closed")
    /// 3001: the server stops.
    public static let shutdown = SessionDisconnect(code: 3001, reason: "shutdown")
    /// 3004: the server failed.
    public static let serverError = SessionDisconnect(code: 3004, reason: "internal server error")
    /// 3005: the connection was not refreshed in time.
    public static let expired = SessionDisconnect(code: 3005, reason: "connection expired")
    /// 3006: a subscription was not refreshed in time.
    public static let subscriptionExpired = SessionDisconnect(code: 3006, reason: "subscription expired")
    /// 3008: the client does not read what it is answered.
    public static let slow = SessionDisconnect(code: 3008, reason: "slow")
    /// 3009: the connection failed while something was sent.
    public static let writeError = SessionDisconnect(code: 3009, reason: "write error")
    /// 3010: history was lost on a subscription that the server made.
    public static let insufficientState = SessionDisconnect(code: 3010, reason: "insufficient state")
    /// 3011: the server wants the client to connect again.
    public static let forceReconnect = SessionDisconnect(code: 3011, reason: "force reconnect")
    /// 3012: the client does not answer pings.
    public static let noPong = SessionDisconnect(code: 3012, reason: "no pong")
    /// 3013: too many commands.
    public static let tooManyRequests = SessionDisconnect(code: 3013, reason: "too many requests")
    /// 3500: the token is none, or not ours.
    public static let invalidToken = SessionDisconnect(code: 3500, reason: "invalid token")
    /// 3501: the client breaks the protocol.
    public static let badRequest = SessionDisconnect(code: 3501, reason: "bad request")
    /// 3502: the client did not connect in time.
    public static let stale = SessionDisconnect(code: 3502, reason: "stale")
    /// 3503: the server does not want the client back.
    public static let forceNoReconnect = SessionDisconnect(code: 3503, reason: "force disconnect")
    /// 3504: too many connections.
    public static let connectionLimit = SessionDisconnect(code: 3504, reason: "connection limit")
    /// 3505: too many channels.
    public static let channelLimit = SessionDisconnect(code: 3505, reason: "channel limit")
    /// 3506: data of the other protocol: bytes where JSON is spoken.
    public static let inappropriateProtocol = SessionDisconnect(code: 3506, reason: "inappropriate protocol")
    /// 3507: the client may not use this server.
    public static let permissionDenied = SessionDisconnect(code: 3507, reason: "permission denied")
    /// 3508: the server has no use for messages.
    public static let notAvailable = SessionDisconnect(code: 3508, reason: "not available")
    /// 3509: too many errors.
    public static let tooManyErrors = SessionDisconnect(code: 3509, reason: "too many errors")
}
