/// The transports as metrics and logs name them.
package enum TransportName: String, CaseIterable, Sendable {
    case poll
    case longPoll = "long-poll"
    case iframe
    case stream
    case eventStream = "sse"
    case webSocket = "websocket"
}
