import HTTPTypes

/// Where sessions are to be had, by their paths (`spec/session.md` §5).
package enum SessionResource: String, CaseIterable, Hashable, Sendable {
    case webSocket = "/connection/websocket"
    case eventStream = "/connection/sse"
    case httpStream = "/connection/http_stream"
    case unidirectionalWebSocket = "/connection/uni_websocket"
    case unidirectionalEventStream = "/connection/uni_sse"
    case unidirectionalHTTPStream = "/connection/uni_http_stream"
    case iframe = "/connection/iframe"
    case longPoll = "/connection/long_poll"
    case poll = "/connection/poll"
    /// What clients of one-way transports send.
    case emulation = "/emulation"

    var methods: [HTTPRequest.Method] {
        switch self {
        case .webSocket, .unidirectionalWebSocket, .iframe: [.get, .options]
        case .eventStream, .unidirectionalEventStream, .unidirectionalHTTPStream: [.get, .post, .options]
        case .httpStream, .longPoll, .poll, .emulation: [.post, .options]
        }
    }
}
