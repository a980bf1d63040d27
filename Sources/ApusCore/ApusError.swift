/// An error that a caller or a remote client can act on.
public struct ApusError: Error, CustomStringConvertible {
    /// What went wrong, in a form for programs. More codes may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's text, as it stands in problem documents (`spec/channels.md` §5).
        public let rawValue: String
        /// The HTTP status that goes with it.
        public let status: Int
        /// A title for people; the same for every error of this code.
        public let title: String

        private init(_ rawValue: String, _ status: Int, _ title: String) {
            self.rawValue = rawValue
            self.status = status
            self.title = title
        }

        /// The text form.
        public var description: String { rawValue }

        /// A channel's name, or a list of them.
        public static let invalidChannel = Code("invalid-channel", 400, "Invalid channel name")
        /// A cursor that is none, or of another number of channels.
        public static let invalidCursor = Code("invalid-cursor", 400, "Invalid cursor")
        /// A query parameter or header.
        public static let invalidParameter = Code("invalid-parameter", 400, "Invalid parameter")
        /// A message's event name, id, type, or data.
        public static let invalidMessage = Code("invalid-message", 400, "Invalid message")
        /// A request that is not HTTP as the RFCs have it.
        public static let badRequest = Code("bad-request", 400, "Bad request")
        /// A WebSocket handshake.
        public static let badHandshake = Code("bad-handshake", 400, "Bad WebSocket handshake")
        /// A resource that only answers to an upgrade.
        public static let upgradeRequired = Code("upgrade-required", 426, "Upgrade required")
        /// A browser's page of a foreign origin.
        public static let originNotAllowed = Code("origin-not-allowed", 403, "Origin not allowed")
        /// No such resource.
        public static let notFound = Code("not-found", 404, "Not found")
        /// The resource has other methods.
        public static let methodNotAllowed = Code("method-not-allowed", 405, "Method not allowed")
        /// The request did not arrive in time.
        public static let requestTimeout = Code("request-timeout", 408, "Request time-out")
        /// More bytes than a message may have.
        public static let messageTooLarge = Code("message-too-large", 413, "Message too large")
        /// A request head above the limit.
        public static let headTooLarge = Code("head-too-large", 431, "Request head too large")
        /// The server's limit on channels is reached.
        public static let tooManyChannels = Code("too-many-channels", 503, "Too many channels")
        /// The server's limit on connections is reached.
        public static let tooManyConnections = Code("too-many-connections", 503, "Too many connections")
        /// The server's limit on retained bytes is reached.
        public static let storageFull = Code("storage-full", 503, "Storage full")
        /// The server is stopping.
        public static let stopping = Code("stopping", 503, "Server is stopping")
        /// A client could not reach its server, or did not understand it.
        public static let connectionFailed = Code("connection-failed", 502, "Connection failed")
    }

    /// What went wrong.
    public var code: Code
    /// The offending value and the remedy, for people.
    public var message: String
    /// What lies beneath, if anything.
    public var underlying: (any Error)?

    /// States an error.
    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// The text form.
    public var description: String {
        "\(code): \(message)" + (underlying.map { " (\($0))" } ?? "")
    }
}
