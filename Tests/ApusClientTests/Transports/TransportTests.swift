import ApusClient
import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

/// What every transport does, against the real server.
@Suite("Transports", .serialized)
struct TransportTests {
    @Test("messages of every kind arrive in order", arguments: ChannelTransport.allCases)
    func kinds(transport: ChannelTransport) async throws {
        let news = try ChannelName("news/1")
        try await withServer { server, client in
            try server.publish("hello", to: news)
            try server.publish(#"{"a":[1,2]}"#, type: .json, to: news)
            try server.publish("line\nline é <b>", to: news)
            let picture = ByteBuffer(bytes: Array(0...255))
            _ = try server.hub.publish(
                Message(data: picture, contentType: ContentType("image/png"), event: "shot", id: "p1"),
                to: news
            )
            let subscription = try client.subscribe(to: [news], since: .start, transport: transport, options: .quick)
            let messages = try await subscription.first(4).compactMap(\.message)
            try #require(messages.count == 4)
            #expect(messages.map(\.text).prefix(3) == ["hello", #"{"a":[1,2]}"#, "line\nline é <b>"])
            #expect(messages[3].data == picture)
            #expect(messages[3].contentType.rawValue == "image/png")
            #expect(messages[3].event == "shot")
            #expect(messages[3].id == "p1")
            #expect(messages.allSatisfy { $0.channel == news })
            #expect(messages.map { $0.cursor.positions.first?.offset } == [1, 2, 3, 4])
        }
    }

    @Test("several channels come with their names, and one cursor for all", arguments: ChannelTransport.allCases)
    func severalChannels(transport: ChannelTransport) async throws {
        let names = [try ChannelName("a"), try ChannelName("b,c"), try ChannelName("d?&#%")]
        try await withServer { server, client in
            for (index, name) in names.enumerated() { try server.publish("\(index)", to: name) }
            let subscription = try client.subscribe(to: names, since: .start, transport: transport, options: .quick)
            let messages = try await subscription.first(3).compactMap(\.message)
            #expect(Set(messages.map { "\($0.channel)=\($0.text)" }) == ["a=0", "b,c=1", "d?&#%=2"])
            #expect(messages.last?.cursor.positions.map(\.offset) == [1, 1, 1])
            // The cursor is worth the same elsewhere.
            let cursor = try #require(messages.last?.cursor)
            try server.publish("later", to: names[1])
            let other: ChannelTransport = transport == .poll ? .webSocket : .poll
            let next = try client.subscribe(to: names, since: .cursor(cursor), transport: other, options: .quick)
            #expect(try await next.first(1).first?.message?.text == "later")
        }
    }

    @Test("what is published while it reads arrives", arguments: ChannelTransport.allCases)
    func live(transport: ChannelTransport) async throws {
        let news = try ChannelName("live")
        try await withServer { server, client in
            try server.publish("before", to: news)
            let states = EventBox<String>()
            var options = SubscriptionOptions.quick
            options.onStateChange = { if case .streaming = $0 { states.send("streaming") } }
            let subscription = try client.subscribe(to: [news], since: .now, transport: transport, options: options)
            async let events = subscription.first(3)
            _ = try await states.next("the stream")
            for text in ["1", "2", "3"] { try server.publish(text, to: news) }
            #expect(try await events.compactMap(\.message?.text) == ["1", "2", "3"])
        }
    }

    @Test("a cursor that retention has passed yields a gap", arguments: ChannelTransport.allCases)
    func gap(transport: ChannelTransport) async throws {
        let news = try ChannelName("news")
        try await withServer({ $0.hub.retention.messages = 2 }) { server, client in
            let first = try server.publish("1", to: news)
            for text in ["2", "3", "4"] { try server.publish(text, to: news) }
            let subscription = try client.subscribe(
                to: [news],
                since: .cursor(Cursor(first)),
                transport: transport,
                options: .quick
            )
            let events = try await subscription.first(3)
            let cursor = Cursor(Position(epoch: first.epoch, offset: 2))
            #expect(
                events.first == .gap(ChannelGap(cursor: cursor, channel: news, gap: Gap(reason: .expired, missed: 1)))
            )
            #expect(events.compactMap(\.message?.text) == ["3", "4"])
        }
    }

    @Test("what the server refuses ends the sequence with its problem", arguments: ChannelTransport.allCases)
    func refused(transport: ChannelTransport) async throws {
        try await withServer({ $0.hub.channelsPerSubscriber = 2 }) { _, client in
            let names = [try ChannelName("a"), try ChannelName("b"), try ChannelName("c")]
            let subscription = try client.subscribe(to: names, transport: transport, options: .quick)
            let error = await #expect(throws: ClientError.self) { try await subscription.first(1) }
            #expect(error?.code == .refused)
            #expect(error?.problem?.status == 400)
            #expect(error?.problem?.code == "invalid-channel")
            #expect(error?.problem?.title == "Invalid channel name")
        }
    }

    @Test("another path's 404 ends the sequence", arguments: ChannelTransport.allCases)
    func notFound(transport: ChannelTransport) async throws {
        try await withServer { server, _ in
            let client = try ChannelClient("\(server.url)/elsewhere")
            let subscription = try client.subscribe(to: [try ChannelName("a")], transport: transport, options: .quick)
            let error = await #expect(throws: ClientError.self) { try await subscription.first(1) }
            #expect(error?.problem?.status == 404)
            #expect(error?.problem?.title == "Not found")
        }
    }

    @Test("nobody there is an error after the initial attempts", arguments: ChannelTransport.allCases)
    func unreachable(transport: ChannelTransport) async throws {
        let proxy = try await CuttingProxy.start(to: 9)
        await proxy.stop()
        let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
        var options = SubscriptionOptions.quick
        options.initialAttempts = 3
        let states = EventBox<String>()
        options.onStateChange = { if case .waiting = $0 { states.send("waiting") } }
        let name = try ChannelName("a")
        let subscription = try client.subscribe(to: [name], transport: transport, options: options)
        let error = await #expect(throws: ClientError.self) { try await subscription.first(1) }
        #expect(error?.code == .connectionFailed)
        #expect(states.waiting.count == 2)
    }

    @Test("cancellation ends the sequence without an error", arguments: ChannelTransport.allCases)
    func cancellation(transport: ChannelTransport) async throws {
        try await withServer { server, client in
            let states = EventBox<String>()
            var options = SubscriptionOptions.quick
            options.onStateChange = { state in
                switch state {
                case .streaming: states.send("streaming")
                case .ended(nil): states.send("ended")
                default: break
                }
            }
            let subscription = try client.subscribe(
                to: [try ChannelName("a")],
                transport: transport,
                options: options
            )
            let task = Task {
                for try await event in subscription { Issue.record("\(event)") }
            }
            #expect(try await states.next("the stream") == "streaming")
            task.cancel()
            #expect(try await states.next("the end") == "ended")
            try await withDeadline("the task") { try await task.value }
        }
    }
}
