import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// WebSockets that are right in form and hostile in content.
@Suite("Hostile: WebSocket messages")
struct HostileWebSocketTests {
    @Test("permessage-deflate goes both ways")
    func deflate() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/channels/news?since=now",
                offersDeflate: true
            )
            #expect(client.head["Sec-WebSocket-Extensions"]?.contains("server_no_context_takeover") == true)
            let deflater = try Deflater()
            var random = SeededGenerator(seed: 8)
            for length in [0, 1, 200, 5_000, 200_000] {
                let text = (0..<length).map { _ in "\("abcdef".randomElement(using: &random) ?? "a")" }.joined()
                try await client.send(.text, Self.compress(Array(text.utf8), with: deflater), rsv1: true)
                // What it publishes comes back to itself.
                #expect(try await client.nextMessage() == .text(text))
            }
            try await client.reset()
        }
    }

    @Test("a message that grows beyond the limit when inflated is 1009")
    func zipBomb() async throws {
        try await withServer { server in
            let deflater = try Deflater(level: 9)
            let bomb = Self.compress(Array(repeating: 0, count: 64 << 20), with: deflater)
            #expect(bomb.count < 100_000)
            for path in ["/echo", "/channels/news"] {
                let client = try await WebSocketClient(
                    SubscriberRequest(port: server.port),
                    path: path,
                    offersDeflate: true
                )
                try await client.send(.binary, bomb, rsv1: true)
                #expect(try await client.closeCode() == 1009)
                try await client.reset()
            }
            try await server.expectAlive()
        }
    }

    @Test("what can't be inflated is 1007, also compressed text that is no UTF-8")
    func brokenDeflate() async throws {
        try await withServer { server in
            let deflater = try Deflater()
            for (opcode, payload) in [
                (WebSocketOpcode.binary, [UInt8](repeating: 0xFF, count: 20)),
                (.text, Self.compress([0xC3, 0x28] + Array(repeating: 0x61, count: 300), with: deflater)),
            ] {
                let client = try await WebSocketClient(
                    SubscriberRequest(port: server.port),
                    path: "/echo",
                    offersDeflate: true
                )
                try await client.send(opcode, payload, rsv1: true)
                #expect(try await client.closeCode() == 1007)
                try await client.reset()
            }
        }
    }

    private static func compress(_ bytes: [UInt8], with deflater: Deflater) -> [UInt8] {
        var compressed = ByteBuffer()
        deflater.compress(ByteBuffer(bytes: bytes), to: &compressed)
        return Array(compressed.readableBytesView)
    }

    @Test("100,000 pings from a client that does not read end in one answer at most to each, and no harm")
    func pingFlood() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port, receiveBufferBytes: 4_096),
                path: "/channels/news"
            )
            try await client.pauseReading()
            let ping = WebSocketClient.frame(.ping, Array(repeating: 7, count: 100))
            let flood = Array(repeatElement(ping, count: 1_000).joined())
            for _ in 0..<100 { try await client.write(flood, within: .seconds(60)) }
            try await server.expectAlive()
            try await client.resumeReading()
            try await client.send(.ping, [1])
            var pongs = 0
            while true {
                guard case .pong(let payload) = try await client.next() else { continue }
                pongs += 1
                if payload == [1] { break }
            }
            #expect(pongs <= 100_001)
            try server.publish("still here")
            #expect(try await client.nextMessage() == .text("still here"))
            try await client.reset()
        }
    }

    @Test("an echo's client that does not read is held up by its own socket")
    func echoFlood() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port, receiveBufferBytes: 4_096),
                path: "/echo"
            )
            try await client.pauseReading()
            let frame = WebSocketClient.frame(.binary, Array(repeating: 1, count: 60_000))
            let count = 300
            let writing = Task { for _ in 0..<count { try await client.write(frame, within: .seconds(60)) } }
            try await server.expectAlive()
            try await client.resumeReading()
            for _ in 0..<count {
                #expect(try await client.nextMessage() == .binary(Array(repeating: 1, count: 60_000)))
            }
            try await writing.value
            try await client.reset()
        }
    }

    @Test("a raw publish that is refused closes with what it was refused for")
    func rawPublish() async throws {
        try await withServer({ $0.hub.maximumMessageBytes = 1_000 }) { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/channels/news?type=application/json"
            )
            try await client.send("{\"right\":true}")
            #expect(try await client.nextMessage() == .text("{\"right\":true}"))
            try await client.send("{wrong")
            #expect(try await client.closeCode() == 1007)
            try await client.reset()
            let large = try await WebSocketClient(SubscriberRequest(port: server.port), path: "/channels/news")
            try await large.send(String(repeating: "x", count: 1_001))
            #expect(try await large.closeCode() == 1009)
            try await large.reset()
            #expect(try server.hub.status(of: ChannelName("news")).position.offset == 1)
        }
    }

    @Test("an envelope's publishes are answered by their number, right or wrong")
    func envelopePublish() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/channels/a,b",
                subprotocols: ["apus.envelope.v1"]
            )
            _ = try await client.nextMessage()
            try await client.send(#"{"data":"x","type":"text/plain","channel":"b","ref":7}"#)
            let first = [try await Self.text(client), try await Self.text(client)]
            #expect(first.contains { $0.hasPrefix(#"{"ref":7,"published":{"cursor":"#) })
            #expect(first.contains { $0.contains(#""channel":"b""#) && $0.contains(#""data":"x""#) })
            for (publish, code, hasRef) in [
                (#"{"data":"x","ref":8}"#, "invalid-message", true),
                (#"{"data":"x","channel":"c","ref":9}"#, "invalid-message", true),
                (#"{"data":"x","channel":"a","event":"gap","ref":10}"#, "invalid-message", true),
                (#"{"channel":"a","ref":11}"#, "invalid-message", true),
                ("{", "invalid-message", false), ("[]", "invalid-message", false), ("", "invalid-message", false),
                (#"{"data":"!","channel":"a","type":"a/b","encoding":"base64"}"#, "invalid-message", false),
            ] {
                try await client.send(publish)
                let answer = try await Self.text(client)
                #expect(answer.contains("\"code\":\"\(code)\""), "\(publish) → \(answer)")
                #expect(answer.contains("\"status\":400"), "\(answer)")
                #expect(answer.contains("\"ref\":") == hasRef, "\(publish) → \(answer)")
            }
            try await client.send(.binary, [1])
            #expect(try await client.closeCode() == 1003)
            try await client.reset()
        }
    }

    private static func text(_ client: WebSocketClient) async throws -> String {
        guard case .text(let text) = try await client.nextMessage() else { return "" }
        return text
    }
}
