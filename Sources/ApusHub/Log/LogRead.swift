package import ApusCore

/// What a log has after a position.
package struct LogRead {
    /// What was lost before the first of the publications.
    package var gap: Gap?
    /// In the order of the log.
    package var publications: [Publication]
    /// Where the reader stands now.
    package var end: Position
    /// Whether the reader has reached the bound it named, or else the log's end.
    package var isComplete: Bool
}

/// How much one reading may take.
package struct ReadLimit: Sendable {
    package var messages: Int
    /// Reading stops behind the message that reaches it, so one message always passes.
    package var bytes: Int

    package init(messages: Int, bytes: Int) {
        self.messages = messages
        self.bytes = bytes
    }
}
