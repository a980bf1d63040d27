import ApusClient
import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

/// Lost connections: no message is lost with them, none comes twice.
@Suite("Resume", .serialized)
struct ResumeTests {
    private static let messages = 400

    @Test("connections that are cut anywhere lose nothing and repeat nothing", arguments: ChannelTransport.allCases)
    func cutsAnywhere(transport: ChannelTransport) async throws {
        var generator = SeededGenerator(seed: 41)
        let news = try ChannelName("news")
        // From within the answer's head up to many messages on.
        let cuts = (0..<24).map { _ in Int.random(in: 1...6_000, using: &generator) }
        try await withServer { server, _ in
            let proxy = try await CuttingProxy.start(to: server.port, cuts: cuts)
            let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
            let subscription = try client.subscribe(to: [news], since: .start, transport: transport, options: .quick)
            async let events = subscription.first(Self.messages, within: .seconds(40))
            for number in 1...Self.messages {
                try server.publish("message \(number)", to: news)
                // So that some are there before the others.
                if number.isMultiple(of: 10) { await Task.yield() }
            }
            let texts = try await events.compactMap(\.message?.text)
            #expect(texts == (1...Self.messages).map { "message \($0)" })
            #expect(proxy.connectionCount > 4)
            await proxy.stop()
        }
    }

    @Test("what is published while a subscription from now is away comes, too", arguments: ChannelTransport.allCases)
    func awayBeforeTheFirstMessage(transport: ChannelTransport) async throws {
        let news = try ChannelName("news")
        try await withServer { server, _ in
            try server.publish("before", to: news)
            let proxy = try await CuttingProxy.start(to: server.port)
            let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
            let states = EventBox<String>()
            var options = SubscriptionOptions.quick
            options.onStateChange = { state in
                switch state {
                case .streaming: states.send("streaming")
                case .waiting: states.send("waiting")
                case .connecting, .ended: break
                }
            }
            let subscription = try client.subscribe(to: [news], since: .now, transport: transport, options: options)
            async let events = subscription.first(300)
            #expect(try await states.next("the stream") == "streaming")
            // The server's hello is one message, which is read before anything that is published after it.
            try server.publish("first", to: news)
            for number in 1..<300 {
                if number.isMultiple(of: 100) {
                    proxy.cutAll()
                    for text in ["a", "b"] { try server.publish("away \(number) \(text)", to: news) }
                } else if !(number % 100 == 1 && number > 1) {
                    try server.publish("\(number)", to: news)
                }
            }
            let messages = try await events.compactMap(\.message)
            #expect(messages.first?.text == "first")
            #expect(messages.map { $0.cursor.positions.first?.offset } == (2...301).map { UInt64($0) })
            await proxy.stop()
        }
    }

    @Test("a log that began anew while it was away is a gap, and reading goes on", arguments: ChannelTransport.allCases)
    func droppedMeanwhile(transport: ChannelTransport) async throws {
        let news = try ChannelName("news")
        try await withServer { server, client in
            let old = try server.publish("old", to: news)
            server.hub.drop(news)
            try server.publish("new", to: news)
            let subscription = try client.subscribe(
                to: [news],
                since: .cursor(Cursor(old)),
                transport: transport,
                options: .quick
            )
            let events = try await subscription.first(2)
            guard case .gap(let gap) = events.first else {
                Issue.record("no gap but \(events)")
                return
            }
            #expect(gap.gap.reason == .epoch)
            #expect(events.last?.message?.text == "new")
        }
    }

    @Test(
        "silence beyond two heartbeats is a lost connection",
        arguments: [ChannelTransport.eventStream, .stream, .multipart, .iframe]
    )
    func silence(transport: ChannelTransport) async throws {
        // The server's next sign of life is a quarter of an hour away.
        try await withServer({ $0.heartbeat = .seconds(900) }) { server, client in
            let news = try ChannelName("news")
            let states = EventBox<String>()
            var options = SubscriptionOptions.quick
            options.limits.heartbeat = .milliseconds(20)
            options.limits.heartbeatSlack = .milliseconds(10)
            options.onStateChange = { if case .waiting(_, let error) = $0 { states.send("\(error.code)") } }
            let subscription = try client.subscribe(
                to: [news],
                since: .start,
                transport: transport,
                options: options
            )
            let task = Task { try await subscription.first(1) }
            #expect(try await states.next("two losses") == "timed-out")
            #expect(try await states.next("two losses") == "timed-out")
            try server.publish("x", to: news)
            #expect(try await task.value.first?.message?.text == "x")
        }
    }
}
