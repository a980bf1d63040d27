public import ApusCore

/// What a publisher is told.
public struct Published: Sendable, Hashable {
    /// The message's place in its channel.
    public var position: Position
    /// How many subscribers of this server follow the channel or wait on it.
    public var subscribers: Int
    /// Whether the channel knew the message's id, so that nothing new was published.
    public var isDuplicate: Bool
}

/// A channel's figures at one moment.
public struct ChannelStatus: Sendable, Hashable {
    /// Where its log ends.
    public var position: Position
    /// How many messages are retained.
    public var messages: Int
    /// How many bytes they count, 128 for each message's administration among them.
    public var bytes: Int
    /// How many subscribers of this server follow it or wait on it.
    public var subscribers: Int
}
