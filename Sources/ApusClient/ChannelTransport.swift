/// A way to read channels. The messages are the same on all; a cursor from one is valid on all others.
public enum ChannelTransport: String, Hashable, Sendable, CaseIterable {
    /// A WebSocket with the envelope (`spec/channels.md` §4.6): the least delay, the fewest bytes.
    case webSocket = "websocket"
    /// Server-Sent Events (§4.5).
    case eventStream = "sse"
    /// An HTTP answer without end, one JSON object a line (§4.4).
    case stream
    /// An HTTP answer without end, each message a part with its own bytes (§4.4).
    ///
    /// It carries neither a message's id nor its time.
    case multipart
    /// A document of scripts (§4.3), as a hidden frame of an old browser gets it.
    case iframe
    /// A request that is held back until there is something (§4.2).
    case longPoll = "long-poll"
    /// A request every now and then (§4.1).
    case poll
}
