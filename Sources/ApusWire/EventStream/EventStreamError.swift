/// A limit that an event stream has passed; the stream can't be read any further.
package enum EventStreamError: Error, Hashable, CustomStringConvertible {
    /// A line has more bytes than the reader takes.
    case lineTooLong(limit: Int)
    /// An event's data has more bytes than the reader takes.
    case eventTooLarge(limit: Int)

    package var description: String {
        switch self {
        case .lineTooLong(let limit): "a line of the event stream is longer than \(limit) bytes"
        case .eventTooLarge(let limit): "an event of the event stream is larger than \(limit) bytes"
        }
    }
}
