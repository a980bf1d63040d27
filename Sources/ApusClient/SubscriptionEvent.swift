public import ApusCore

/// What a subscription yields, in the order of its channels' logs.
public enum SubscriptionEvent: Hashable, Sendable {
    /// A message.
    case message(ChannelMessage)
    /// Messages are missing here.
    case gap(ChannelGap)

    /// Where to resume after it.
    public var cursor: Cursor {
        switch self {
        case .message(let message): message.cursor
        case .gap(let gap): gap.cursor
        }
    }
}
