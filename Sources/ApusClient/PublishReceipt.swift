public import ApusCore

/// What a publisher is told.
public struct PublishReceipt: Hashable, Sendable {
    /// The message's place in its channel; for a duplicate the first one's.
    public var position: Position
    /// How many subscribers on that server wait or stream.
    public var subscribers: Int
    /// Whether the channel knew the message's id, so that nothing new was published.
    public var isDuplicate: Bool

    /// A receipt from its parts.
    public init(position: Position, subscribers: Int, isDuplicate: Bool = false) {
        self.position = position
        self.subscribers = subscribers
        self.isDuplicate = isDuplicate
    }
}
