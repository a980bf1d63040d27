/// What comes to a test's subscriber, in the order in which it came.
enum Arrival: Hashable, Sendable {
    case message(Received)
    case gap(ReceivedGap)
    /// A sign of life without content; on a WebSocket, a ping.
    case heartbeat
    /// Nothing comes after this.
    case end(End)

    /// How a transport ends.
    enum End: Hashable, Sendable {
        /// An answer was complete, and the connection was closed behind it.
        case answered
        /// The last chunk, `0\r\n\r\n`, and the end of the connection.
        case lastChunk
        /// A close frame with this code; nil where it had none.
        case closeFrame(UInt16?)
        /// The connection ended in the middle of something.
        case cutOff
    }
}

/// A message as a transport told it; what that transport leaves out is nil.
struct Received: Hashable, Sendable {
    var cursor: String?
    var channel: String?
    var event: String?
    var id: String?
    var type: String?
    var data: [UInt8]

    var text: String { String(decoding: data, as: UTF8.self) }
}

/// Word of lost history.
struct ReceivedGap: Hashable, Sendable {
    var reason: String
    var missed: UInt64?
    var channel: String?
    var cursor: String?
}

/// Something else came than a test waits for.
struct UnexpectedArrival: Error, CustomStringConvertible {
    let awaited: String
    let arrival: Arrival

    var description: String { "waited for \(awaited); there came \(arrival)" }
}
