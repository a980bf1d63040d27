import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// How connections end, and how they are kept.
@Suite("Scenario: lifecycle")
struct LifecycleTests {
    @Test("a server that stops ends every transport in its own words", arguments: TestTransport.allCases)
    func stops(_ transport: TestTransport) async throws {
        try await withServer({ $0.stopTimeout = .seconds(10) }) { server in
            try server.publish("first")
            let subscriber = try await transport.connect(port: server.port, since: "start")
            #expect(try await subscriber.message().text == "first")
            if transport == .longPoll { try await subscriber.askAgain() }
            if transport != .poll { try await server.waitForSubscribers(1) }
            let start = ContinuousClock.now
            async let stopping: Void = server.stop()
            let end = try await subscriber.end()
            await stopping
            switch transport {
            case .poll, .longPoll: #expect(end == .answered)
            case .iframe, .ndjson, .multipart, .eventStream: #expect(end == .lastChunk)
            case .webSocket, .rawWebSocket: #expect(end == .closeFrame(1001))
            }
            // Nobody had to be closed by force.
            #expect(ContinuousClock.now - start < .seconds(8))
            #expect(await server.connectionCount == 0)
        }
    }

    @Test("a client that disappears is no subscriber any more", arguments: TestTransport.counted)
    func disappears(_ transport: TestTransport) async throws {
        try await withServer { server in
            let subscriber = try await transport.connect(port: server.port, since: "now")
            try await server.waitForSubscribers(1)
            let client = try await HTTPClient(port: server.port)
            #expect(try await client.request("HEAD", "/channels/news")["Apus-Subscribers"] == "1")
            try await subscriber.cut()
            try await withDeadline("the subscriber to be gone", within: .seconds(20)) {
                while try await client.request("HEAD", "/channels/news")["Apus-Subscribers"] != "0" {}
            }
            try await client.close()
            try await server.waitForConnections(0)
        }
    }

    @Test("an idle stream is kept awake", arguments: TestTransport.streaming)
    func heartbeat(_ transport: TestTransport) async throws {
        try await withServer({ $0.heartbeat = .seconds(1) }) { server in
            let subscriber = try await transport.connect(port: server.port, since: "now")
            // More than the number of heartbeats without an answer that would end a WebSocket.
            for _ in 0..<4 { #expect(try await subscriber.next() == .heartbeat) }
            try server.publish("after")
            #expect(try await subscriber.message().text == "after")
        }
    }

    @Test("a WebSocket whose client never answers a ping is closed", arguments: ["apus.envelope.v1", "apus.raw.v1"])
    func unansweredPings(_ subprotocol: String) async throws {
        try await withServer({ $0.heartbeat = .milliseconds(250) }) { server in
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/channels/news",
                subprotocols: [subprotocol],
                answersPings: false
            )
            #expect(try await client.closeCode() == 1001)
            #expect(try await client.next() == .lost)
            try await server.waitForConnections(0)
        }
    }
}
