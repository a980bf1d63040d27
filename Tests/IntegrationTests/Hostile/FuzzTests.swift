import ApusServer
import ApusTestSupport
import ApusWire
import Testing

/// Noise, and requests and frames that were right before something was done to them.
@Suite("Hostile: fuzz")
struct FuzzTests {
    private static let connections = 2_000
    private static let seed: UInt64 = 2_026

    @Test("2,000 hostile connections leave a server that answers, and no connection")
    func fuzz() async throws {
        try await withServer({
            $0.headTimeout = .seconds(2)
            $0.bodyTimeout = .seconds(2)
            $0.idleTimeout = .seconds(2)
        }) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<Self.connections {
                    if number >= 16 { try await group.next() }
                    group.addTask { try await Self.attack(number, port: server.port) }
                }
                try await group.waitForAll()
            }
            try await server.expectAlive()
            try await server.waitForConnections(0)
            try await server.waitForSubscribers(0, on: "a")
        }
    }

    private static func attack(_ number: Int, port: Int) async throws {
        var random = SeededGenerator(seed: seed &+ UInt64(number))
        let bytes = input(number, &random)
        let socket = try await RawSocket.connect(port: port)
        for piece in random.pieces(of: bytes, atMost: max(1, bytes.count / 3)) {
            // The server may have closed.
            guard (try? await socket.write(Array(piece))) != nil else { break }
        }
        // Whatever it says, it must say something or end, unless it waits for more.
        if Bool.random(using: &random) { try? await socket.finishWriting() }
        _ = try? await socket.readSome(within: .milliseconds(20))
        if Bool.random(using: &random) { try await socket.reset() } else { try await socket.close() }
    }

    private static func input(_ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
        switch number % 4 {
        case 0: return random.bytes(count: 1...600)
        case 1: return mutate(Array(request(&random).utf8), &random)
        case 2: return handshake + mutate(frames(&random), &random)
        default: return mutate(handshake + frames(&random) + Array(request(&random).utf8), &random)
        }
    }

    private static let handshake = Array(
        """
        GET /channels/a HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
        Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n
        """.utf8
    )

    private static func request(_ random: inout SeededGenerator) -> String {
        let transport =
            ["poll", "long-poll", "iframe", "stream", "sse", "websocket", "?"].randomElement(using: &random) ?? ""
        let requests = [
            "GET /channels/a?transport=\(transport)&since=start HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /channels/a?event=e HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
            "POST /channels/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /channels/a,b/history?limit=5 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n",
            "POST /channels/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/vnd.apus.message+json\r\n"
                + "Content-Length: 26\r\n\r\n[{\"data\":1,\"event\":\"e\"},2]",
            "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        ]
        let count = Int.random(in: 1...3, using: &random)
        return (0..<count).map { _ in requests.randomElement(using: &random) ?? "" }.joined()
    }

    private static func frames(_ random: inout SeededGenerator) -> [UInt8] {
        let opcodes: [WebSocketOpcode] = [.text, .binary, .continuation, .ping, .pong, .close]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            bytes += WebSocketClient.frame(
                opcodes.randomElement(using: &random) ?? .text,
                random.bytes(count: 0...140),
                isFinal: Bool.random(using: &random),
                rsv1: Bool.random(using: &random)
            )
        }
        return bytes
    }

    /// Changes, cuts out or doubles a few bytes.
    private static func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: random.bytes(count: 1...4), at: index)
            default: bytes.removeSubrange(index..<min(bytes.count, index + 8))
            }
        }
        return bytes
    }
}
