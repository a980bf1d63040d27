package import ApusCore

/// How much a session's client may send at once.
package struct SessionLimits: Hashable, Sendable {
    /// The longest command, in bytes.
    package var commandBytes: Int
    /// The most commands in one frame or body.
    package var commandsPerBatch: Int
    /// The longest token, in bytes.
    package var tokenBytes: Int
    /// The longest name of a procedure, in bytes.
    package var methodBytes: Int
    /// The longest client's name or version, in bytes.
    package var nameBytes: Int
    /// The most channels that a connect command may name.
    package var connectSubscriptions: Int

    package init(
        commandBytes: Int = 1 << 20,
        commandsPerBatch: Int = 1_024,
        tokenBytes: Int = 16 << 10,
        methodBytes: Int = 255,
        nameBytes: Int = 64,
        connectSubscriptions: Int = 512
    ) {
        self.commandBytes = commandBytes
        self.commandsPerBatch = commandsPerBatch
        self.tokenBytes = tokenBytes
        self.methodBytes = methodBytes
        self.nameBytes = nameBytes
        self.connectSubscriptions = connectSubscriptions
    }
}

/// How a client breaks the session protocol; the session ends with it.
package enum SessionViolation: Error, Hashable, Sendable {
    /// A command of more bytes than the limit.
    case commandTooLarge(limit: Int)
    /// A batch of more commands than the limit.
    case tooManyCommands(limit: Int)
    /// A line that is no JSON object, or has members of the wrong kinds.
    case malformed
    /// A command that needs an answer, without an id to answer to.
    case missingID

    /// What the client is told.
    package var disconnect: SessionDisconnect {
        switch self {
        case .commandTooLarge, .malformed, .missingID: .badRequest
        case .tooManyCommands: .tooManyRequests
        }
    }
}
