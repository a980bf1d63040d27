public import ApusCore

/// Word of messages that can't be had any more.
public struct ChannelGap: Hashable, Sendable {
    /// Where reading goes on.
    public var cursor: Cursor
    /// The channel that lost messages.
    public var channel: ChannelName
    /// Why, and how many.
    public var gap: Gap

    /// A gap from its parts.
    public init(cursor: Cursor, channel: ChannelName, gap: Gap) {
        self.cursor = cursor
        self.channel = channel
        self.gap = gap
    }
}
