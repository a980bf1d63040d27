/// Why a request or a subscription came to nothing.
public struct ClientError: Error, CustomStringConvertible {
    /// What went wrong, in a form for programs. More codes may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let rawValue: String

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The text form.
        public var description: String { rawValue }

        /// The server's URL is none that this client can use. Misuse here.
        public static let invalidURL = Code("invalid-url")
        /// Something that this client can't do yet, such as TLS. Misuse here.
        public static let unsupported = Code("unsupported")
        /// An argument, such as an empty list of channels. Misuse here.
        public static let invalidArgument = Code("invalid-argument")
        /// The server can't be reached, or the connection was lost.
        public static let connectionFailed = Code("connection-failed")
        /// The server did not connect, answer or give a sign of life in time.
        public static let timedOut = Code("timed-out")
        /// The server refused; ``ClientError/problem`` says why.
        public static let refused = Code("refused")
        /// The server sent more than one of ``ClientLimits`` allows.
        public static let limitExceeded = Code("limit-exceeded")
        /// What answers is not an Apus server, or breaks its protocol.
        public static let protocolViolation = Code("protocol-violation")
    }

    /// What went wrong.
    public var code: Code
    /// The offending value and the remedy, for people.
    public var message: String
    /// What the server said, where it refused.
    public var problem: Problem?
    /// What lies beneath, if anything.
    public var underlying: (any Error)?

    /// States an error.
    public init(_ code: Code, _ message: String, problem: Problem? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.problem = problem
        self.underlying = underlying
    }

    /// The text form.
    public var description: String { "\(code): \(message)" }
}
