package import ApusCore
package import NIOCore

/// A message as its JSON form told it (`spec/channels.md` §2).
package struct ReceivedMessage: Hashable, Sendable {
    /// Where to resume after this message, as text.
    package let cursor: String
    /// The channel it came on; nil where the client named only one.
    package let channel: ChannelName?
    package let event: String?
    package let id: String?
    /// When the server took it, in milliseconds since 1970.
    package let time: Int64
    package let contentType: ContentType
    /// The bytes as they were published; JSON perhaps with other white space between its tokens.
    package let data: ByteBuffer
    package let from: ClientInfo?

    package init(
        cursor: String,
        channel: ChannelName? = nil,
        event: String? = nil,
        id: String? = nil,
        time: Int64,
        contentType: ContentType,
        data: ByteBuffer,
        from: ClientInfo? = nil
    ) {
        self.cursor = cursor
        self.channel = channel
        self.event = event
        self.id = id
        self.time = time
        self.contentType = contentType
        self.data = data
        self.from = from
    }
}
