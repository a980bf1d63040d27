import NIOCore

/// A message that has its place in a channel's log.
///
/// It never changes, so that all event loops share one.
public final class Publication: Sendable {
    /// What was published.
    public let message: Message
    /// Its place in the log, counted from 1.
    public let offset: UInt64
    /// When the server took it, in milliseconds since 1970.
    public let time: Int64

    /// Gives a message its place.
    public init(message: Message, offset: UInt64, time: Int64) {
        self.message = message
        self.offset = offset
        self.time = time
    }

    /// What it counts against a log's limit on bytes: its data and names, and 128 bytes for their administration.
    public var retainedBytes: Int {
        message.data.readableBytes + (message.event?.utf8.count ?? 0) + (message.id?.utf8.count ?? 0) + 128
    }
}
