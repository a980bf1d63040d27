public import ApusCore

/// A part of what a channel retains.
public struct ChannelHistory: Hashable, Sendable {
    /// Of the newest message in the log.
    public var head: Position
    /// What was lost before the first message, if anything.
    public var gap: Gap?
    /// The messages, in the order that was asked for.
    public var messages: [ChannelMessage]
    /// Whether there is more: go on with the last message's cursor.
    public var hasMore: Bool

    /// A history from its parts.
    public init(head: Position, gap: Gap? = nil, messages: [ChannelMessage], hasMore: Bool) {
        self.head = head
        self.gap = gap
        self.messages = messages
        self.hasMore = hasMore
    }
}
