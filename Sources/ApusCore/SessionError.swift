/// Why a session's command is refused: what stands behind `error` in a reply (`spec/session.md` §6).
///
/// Codes below 400 belong to the protocol; an application's own are 400 to 1999.
public struct SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number by which clients know it.
    public var code: UInt32
    /// A text for people.
    public var message: String
    /// Whether the same command may succeed later.
    public var isTemporary: Bool

    /// States an error.
    public init(code: UInt32, message: String, isTemporary: Bool = false) {
        self.code = code
        self.message = message
        self.isTemporary = isTemporary
    }

    /// The text form.
    public var description: String { "\(code) \(message)" }

    /// 100: the server failed; the client may try again.
    public static let internalError = SessionError(code: 100, message: "internal server error", isTemporary: true)
    /// 101: nobody has said who the client is.
    public static let unauthorized = SessionError(code: 101, message: "unauthorized")
    /// 102: there is no such channel.
    public static let unknownChannel = SessionError(code: 102, message: "unknown channel")
    /// 103: the client may not do this.
    public static let permissionDenied = SessionError(code: 103, message: "permission denied")
    /// 104: there is no such command, or no such procedure.
    public static let methodNotFound = SessionError(code: 104, message: "method not found")
    /// 105: the session has a subscription to this channel.
    public static let alreadySubscribed = SessionError(code: 105, message: "already subscribed")
    /// 106: one of the server's limits.
    public static let limitExceeded = SessionError(code: 106, message: "limit exceeded")
    /// 107: a channel's name, or data, that is none.
    public static let badRequest = SessionError(code: 107, message: "bad request")
    /// 108: the server does not do this.
    public static let notAvailable = SessionError(code: 108, message: "not available")
    /// 109: the token is too old; the client asks for a new one.
    public static let tokenExpired = SessionError(code: 109, message: "token expired")
    /// 110: the connection is too old.
    public static let expired = SessionError(code: 110, message: "expired")
    /// 111: too many commands in too short a time.
    public static let tooManyRequests = SessionError(code: 111, message: "too many requests", isTemporary: true)
    /// 112: history from this position can't be had.
    public static let unrecoverablePosition = SessionError(code: 112, message: "unrecoverable position")
    /// 113: the token was revoked.
    public static let tokenRevoked = SessionError(code: 113, message: "token revoked")
}
