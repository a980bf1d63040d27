import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

/// History that is lost is said to be lost, in each transport's own words.
@Suite("Scenario: gaps")
struct GapTests {
    @Test("a cursor that retention has passed is told what it missed", arguments: TestTransport.allCases)
    func expired(_ transport: TestTransport) async throws {
        try await withServer({ $0.hub.retention.messages = 10 }) { server in
            var epoch = ""
            for index in 1...30 { epoch = "\(try server.publish("\(index)").position.epoch)" }
            let subscriber = try await transport.connect(port: server.port, since: "\(epoch)-5")
            try await expectGap(
                on: subscriber,
                ReceivedGap(reason: "expired", missed: 15, cursor: "\(epoch)-20"),
                of: transport
            ) {
                let texts = try await subscriber.messages(10).map(\.text)
                #expect(texts == (21...30).map { "\($0)" })
                #expect(await subscriber.cursor == "\(epoch)-30")
            }
        }
    }

    @Test("a cursor of another epoch is told so", arguments: TestTransport.allCases)
    func otherEpoch(_ transport: TestTransport) async throws {
        try await withServer { server in
            let epoch = try server.publish("first").position.epoch
            let subscriber = try await transport.connect(port: server.port, since: "zzz-5")
            try await expectGap(
                on: subscriber,
                ReceivedGap(reason: "epoch", cursor: "\(epoch)-0"),
                of: transport
            ) {
                let text = try await subscriber.message().text
                #expect(text == "first")
            }
        }
    }

    @Test("a cursor beyond the end is told so", arguments: TestTransport.allCases)
    func beyondEnd(_ transport: TestTransport) async throws {
        try await withServer { server in
            let epoch = try server.publish("first").position.epoch
            let subscriber = try await transport.connect(port: server.port, since: "\(epoch)-9007199254740991")
            try await expectGap(
                on: subscriber,
                ReceivedGap(reason: "epoch", cursor: "\(epoch)-0"),
                of: transport
            ) {
                let text = try await subscriber.message().text
                #expect(text == "first")
            }
        }
    }

    @Test("dropping a channel is told to those who follow it", arguments: TestTransport.allCases)
    func dropped(_ transport: TestTransport) async throws {
        try await withServer { server in
            try server.publish("before")
            let subscriber = try await transport.connect(port: server.port, since: "start")
            #expect(try await subscriber.message().text == "before")
            if transport == .longPoll {
                // Asked, but not served: the gap is then live.
                try await subscriber.askAgain()
            }
            if transport != .poll { try await server.waitForSubscribers(1) }
            let answer = try await HTTPClient.once(port: server.port, "DELETE", "/channels/news")
            #expect(answer.status == 204)
            // Nothing has been published: the gap itself is news.
            let epoch = try server.hub.status(of: ChannelName("news")).position.epoch
            try await expectGap(on: subscriber, ReceivedGap(reason: "epoch", cursor: "\(epoch)-0"), of: transport) {
                try server.publish("after")
                #expect(try await subscriber.message().text == "after")
                #expect(await subscriber.cursor == "\(epoch)-1")
            }
        }
    }

    @Test("one of three channels has a gap, which names it", arguments: TestTransport.withCursor)
    func oneOfSeveral(_ transport: TestTransport) async throws {
        try await withServer({ $0.hub.retention.messages = 10 }) { server in
            let first = try server.publish("a", to: "a").position
            for index in 1...30 { try server.publish("\(index)", to: "b") }
            let b = try server.hub.status(of: ChannelName("b")).position
            let subscriber = try await transport.connect(
                port: server.port,
                channels: "a,b",
                since: "\(first.epoch)-0.\(b.epoch)-15"
            )
            let gap = try await subscriber.gap()
            #expect(gap.reason == "expired")
            #expect(gap.missed == 5)
            #expect(gap.channel == "b")
            let texts = try await subscriber.messages(11).map(\.text)
            #expect(texts.sorted() == (["a"] + (21...30).map { "\($0)" }).sorted())
        }
    }

    /// A gap and what follows it; on a raw WebSocket, which has no word for it, the close code that says it.
    private func expectGap(
        on subscriber: any TestSubscriber,
        _ expected: ReceivedGap,
        of transport: TestTransport,
        then: () async throws -> Void
    ) async throws {
        if transport == .rawWebSocket {
            #expect(try await subscriber.end() == .closeFrame(4010))
        } else {
            #expect(try await subscriber.gap() == expected)
            try await then()
        }
    }
}
