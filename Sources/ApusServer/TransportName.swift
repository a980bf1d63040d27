/// The transports as metrics and logs name them.
package enum TransportName: String, CaseIterable, Sendable {
    case poll
    case longPoll = "long-poll"
    case iframe
    case stream
    case eventStream = "sse"
    case webSocket = "websocket"
    case sessionWebSocket = "session-websocket"
    case sessionEventStream = "session-sse"
    case sessionStream = "session-http-stream"
    case sessionIframe = "session-iframe"
    case sessionPoll = "session-poll"
}
