import ApusTestSupport
import ApusWire
import NIOCore

/// A subscriber on a WebSocket, with the envelope or raw.
actor WebSocketSubscriber: TestSubscriber {
    let client: WebSocketClient
    private let isEnvelope: Bool
    private(set) var cursor: String?

    init(_ request: SubscriberRequest, path: String, isEnvelope: Bool) async throws {
        self.isEnvelope = isEnvelope
        client = try await WebSocketClient(
            request,
            path: path,
            subprotocols: [isEnvelope ? "apus.envelope.v1" : "apus.raw.v1"]
        )
        guard isEnvelope else { return }
        guard case .text(let text) = try await client.nextMessage(),
            case .hello(_, _, let start) = try EnvelopeItemParser.item(ByteBuffer(string: text))
        else { throw WireViolation(reason: "no hello", text: "") }
        cursor = start
    }

    func next() async throws -> Arrival {
        switch try await client.next() {
        case .text(let text): return isEnvelope ? try item(text) : .message(Received(data: Array(text.utf8)))
        case .binary(let data): return .message(Received(data: data))
        case .ping, .pong: return .heartbeat
        case .closed(let code, _): return .end(.closeFrame(code))
        case .lost: return .end(.cutOff)
        }
    }

    private func item(_ text: String) throws -> Arrival {
        guard case .item(let item) = try EnvelopeItemParser.item(ByteBuffer(string: text)) else {
            throw WireViolation(reason: "neither message nor gap", text: text)
        }
        cursor = item.cursor
        return Arrival(item)
    }

    func cut() async throws { try await client.reset() }
    func pause() async throws { try await client.pauseReading() }
    func resume() async throws { try await client.resumeReading() }
}
