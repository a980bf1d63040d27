package import ApusWire
package import NIOCore

/// How a slice of bytes leaves for one subscriber. Belongs to one event loop.
///
/// The bytes are finished: framed, and coded as the connection's HTTP wants them.
package protocol Outbox: AnyObject {
    /// Sends bytes.
    ///
    /// `full` means: taken, but send nothing more before `StreamSubscriber.writable()` is called. `refused` is the same, but not
    /// taken: several subscribers share what lies behind the outbox, and another one has filled it.
    func send(_ bytes: ByteBuffer) -> OutboxState
    /// Ends the stream, since nothing more can come in this framing.
    func end(_ reason: StreamEnd)
}

/// Whether an outbox takes more.
package enum OutboxState {
    case ready
    case full
    case refused
}

/// Why the hub ends a stream.
package enum StreamEnd: Hashable, Sendable {
    /// History was lost and this framing has no words for it.
    case gap(GapNotice)
    /// The server stops.
    case stopping
}
