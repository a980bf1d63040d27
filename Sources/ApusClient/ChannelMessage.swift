public import ApusCore
public import NIOCore

/// A message that a subscriber has received.
public struct ChannelMessage: Hashable, Sendable {
    /// Where to resume after this message, on all channels of the subscription.
    public var cursor: Cursor
    /// The channel it came on.
    public var channel: ChannelName
    /// The event's name, if it has one.
    public var event: String?
    /// The id that its publisher gave, if any.
    public var id: String?
    /// When the server took it, in milliseconds since 1970; nil if it doesn't say.
    public var time: Int64?
    /// What the bytes are.
    public var contentType: ContentType
    /// The bytes; JSON perhaps with other white space between its tokens than its publisher wrote.
    public var data: ByteBuffer
    /// Who published it, as far as the server says.
    public var publisher: ClientInfo?

    /// A message from its parts.
    public init(
        cursor: Cursor,
        channel: ChannelName,
        event: String? = nil,
        id: String? = nil,
        time: Int64? = nil,
        contentType: ContentType,
        data: ByteBuffer,
        publisher: ClientInfo? = nil
    ) {
        self.cursor = cursor
        self.channel = channel
        self.event = event
        self.id = id
        self.time = time
        self.contentType = contentType
        self.data = data
        self.publisher = publisher
    }

    /// The data as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(buffer: data) }
}
