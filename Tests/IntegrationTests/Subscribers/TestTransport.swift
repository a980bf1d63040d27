import ApusCore
import ApusTestSupport
import Testing

/// Every way to subscribe.
enum TestTransport: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case poll
    case longPoll = "long poll"
    case iframe
    case ndjson
    case multipart
    case eventStream = "event stream"
    case webSocket = "WebSocket"
    case rawWebSocket = "raw WebSocket"

    /// Those that say where to resume.
    static let withCursor = allCases.filter { $0 != .rawWebSocket }
    /// Those whose connection carries messages as they come.
    static let streaming = allCases.filter { $0 != .poll && $0 != .longPoll }
    /// Those that the server counts as subscribers.
    static let counted = allCases.filter { $0 != .poll }

    var testDescription: String { rawValue }

    /// Whether messages carry the publisher's id and the content type.
    var tellsMetadata: Bool {
        switch self {
        case .poll, .longPoll, .iframe, .ndjson, .webSocket: true
        case .multipart, .eventStream, .rawWebSocket: false
        }
    }

    /// Subscribes; returns once the server has the subscription (polls: has answered, or has been asked).
    func connect(
        port: Int,
        channels: String = "news",
        since: String? = nil,
        receiveBufferBytes: Int? = nil,
        headers: [String] = []
    ) async throws -> any TestSubscriber {
        let query = since.map { "&since=\($0)" } ?? ""
        let path = { (transport: String) in "/channels/\(channels)?transport=\(transport)\(query)" }
        let request = SubscriberRequest(port: port, receiveBufferBytes: receiveBufferBytes, headers: headers)
        switch self {
        case .poll:
            return try await PollSubscriber(request, path: "/channels/\(channels)", transport: "poll", since: since)
        case .longPoll:
            return try await PollSubscriber(
                request,
                path: "/channels/\(channels)",
                transport: "long-poll",
                since: since
            )
        case .iframe: return try await StreamSubscriber(request, path: path("iframe")) { _ in IframeReader() }
        case .ndjson: return try await StreamSubscriber(request, path: path("stream")) { _ in NDJSONReader() }
        case .multipart:
            return try await StreamSubscriber(request, path: path("stream") + "&format=mixed") { head in
                try MultipartReader(head: head)
            }
        case .eventStream: return try await StreamSubscriber(request, path: path("sse")) { _ in EventStreamReader() }
        case .webSocket, .rawWebSocket:
            let target = "/channels/\(channels)" + (since.map { "?since=\($0)" } ?? "")
            return try await WebSocketSubscriber(request, path: target, isEnvelope: self == .webSocket)
        }
    }
}

/// How a test's subscriber reaches the server.
struct SubscriberRequest: Sendable {
    var port: Int
    var receiveBufferBytes: Int?
    /// Further header lines, without their line ends.
    var headers: [String] = []

    func socket() async throws -> RawSocket {
        try await RawSocket.connect(port: port, receiveBufferBytes: receiveBufferBytes)
    }

    /// A head, with its empty line.
    func head(_ path: String, _ fields: [String] = []) -> String {
        (["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields + headers).map { $0 + "\r\n" }.joined() + "\r\n"
    }
}
