/// From where a subscriber wants to read.
public enum Since: Hashable, Sendable, CustomStringConvertible {
    /// The oldest message that is retained.
    case start
    /// Only what comes after.
    case now
    /// After the last message that it has seen.
    case cursor(Cursor)

    /// Reads `start`, `now` or a cursor.
    ///
    /// - Throws: `ApusError` with code `invalidCursor`.
    public init(_ text: some StringProtocol) throws(ApusError) {
        switch text {
        case "start": self = .start
        case "now": self = .now
        default:
            guard let cursor = Cursor(text) else {
                throw ApusError(
                    .invalidCursor,
                    "'\(text.prefix(64))' is no cursor; it is 'start', 'now', or what a message or an ETag gave."
                )
            }
            self = .cursor(cursor)
        }
    }

    /// The text form.
    public var description: String {
        switch self {
        case .start: "start"
        case .now: "now"
        case .cursor(let cursor): cursor.description
        }
    }
}
