package import ApusCore
package import NIOCore

/// A message on its way to subscribers of one kind, with the cursor that stands behind it.
package struct Delivery: Sendable {
    package let publication: Publication
    /// Where to resume after this message, as text.
    package let cursor: String
    /// The channel it came on; nil where the subscriber named only one.
    package let channel: ChannelName?

    package init(publication: Publication, cursor: String, channel: ChannelName? = nil) {
        self.publication = publication
        self.cursor = cursor
        self.channel = channel
    }
}

/// A gap on its way to one subscriber.
package struct GapNotice: Hashable, Sendable {
    package let gap: Gap
    /// Where reading goes on, as text.
    package let cursor: String
    /// The channel that lost messages; nil where the subscriber named only one.
    package let channel: ChannelName?

    package init(gap: Gap, cursor: String, channel: ChannelName? = nil) {
        self.gap = gap
        self.cursor = cursor
        self.channel = channel
    }
}

/// How a transport writes messages: a pure function from message to bytes.
///
/// The same bytes go to every subscriber that uses an equal framing, so a framing holds nothing of one subscriber. What
/// lies around these bytes (chunks of HTTP/1.1, DATA of HTTP/2) is not its business.
package protocol StreamFraming: Hashable {
    /// What the stream begins with, for a subscriber that stands at this cursor.
    func appendPreamble(cursor: String, to buffer: inout ByteBuffer)
    /// One message.
    func append(_ delivery: Delivery, to buffer: inout ByteBuffer)
    /// Lost history. Nothing where the transport has other means.
    func append(_ notice: GapNotice, to buffer: inout ByteBuffer)
    /// What keeps proxies and clients from giving the stream up for dead.
    func appendHeartbeat(to buffer: inout ByteBuffer)
}
