import ApusClient
import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

@Suite("Channel client")
struct ChannelClientTests {
    @Test("a publish is told its position and the subscribers, and a duplicate is one")
    func publish() async throws {
        try await withServer { server, client in
            let news = try ChannelName("news&more?")
            let first = try await client.publish("hello", event: "née&=", id: "id/1?", to: news)
            #expect(first.position.offset == 1)
            #expect(first.subscribers == 0)
            #expect(!first.isDuplicate)
            let again = try await client.publish("hello", id: "id/1?", to: news)
            #expect(again.isDuplicate)
            #expect(again.position == first.position)
            let message = try #require(try await client.history(of: news).messages.first)
            #expect(message.text == "hello")
            #expect(message.event == "née&=")
            #expect(message.id == "id/1?")
            #expect(message.contentType == .text)
            #expect(server.port > 0)
        }
    }

    @Test("without a type the server decides")
    func guessedType() async throws {
        try await withServer { _, client in
            let news = try ChannelName("news")
            try await client.publish(ByteBuffer(string: "é"), to: news)
            try await client.publish(ByteBuffer(bytes: [0xFF, 0]), to: news)
            try await client.publish(ByteBuffer(string: "[1]"), contentType: .json, to: news)
            #expect(try await client.history(of: news).messages.map(\.contentType) == [.text, .binary, .json])
        }
    }

    @Test("requests one after another share a connection, requests at once don't wait for each other")
    func connections() async throws {
        try await withServer { server, _ in
            let proxy = try await CuttingProxy.start(to: server.port)
            let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
            let news = try ChannelName("news")
            for number in 1...20 {
                #expect(try await client.publish("\(number)", to: news).position.offset == UInt64(number))
            }
            #expect(proxy.connectionCount == 1)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<8 { tasks.addTask { try await client.publish("more", to: news) } }
                try await tasks.waitForAll()
            }
            #expect(try await client.status(of: news).position.offset == 28)
            #expect(proxy.connectionCount <= 8)
            await proxy.stop()
        }
    }

    @Test("a kept connection that was cut is no error for what may be repeated")
    func staleConnection() async throws {
        try await withServer { server, _ in
            let proxy = try await CuttingProxy.start(to: server.port)
            let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
            let news = try ChannelName("news")
            for number in 1...20 {
                proxy.cutAll()
                #expect(
                    try await client.publish("\(number)", id: "\(number)", to: news).position.offset == UInt64(number)
                )
                proxy.cutAll()
                #expect(try await client.status(of: news).messages == number)
            }
            await proxy.stop()
        }
    }

    @Test("refusals carry the server's problem")
    func refusals() async throws {
        try await withServer({ $0.hub.maximumMessageBytes = 100 }) { _, client in
            let news = try ChannelName("news")
            let large = await #expect(throws: ClientError.self) {
                try await client.publish(String(repeating: "x", count: 101), to: news)
            }
            #expect(large?.code == .refused)
            #expect(large?.problem?.code == "message-too-large")
            #expect(large?.problem?.status == 413)
            let json = await #expect(throws: ClientError.self) {
                try await client.publish("{", contentType: .json, to: news)
            }
            #expect(json?.problem?.code == "invalid-message")
            #expect(json?.message.contains("Invalid message") == true)
        }
    }

    @Test("history goes forwards, backwards, in pages, and tells of a gap")
    func history() async throws {
        try await withServer({ $0.hub.retention.messages = 5 }) { server, client in
            let news = try ChannelName("news")
            let first = try server.publish("1", to: news)
            for number in 2...8 { try server.publish("\(number)", to: news) }
            let all = try await client.history(of: news)
            #expect(all.messages.map(\.text) == ["4", "5", "6", "7", "8"])
            #expect(all.head.offset == 8)
            #expect(!all.hasMore)
            #expect(all.gap == nil)
            let newest = try await client.history(of: news, limit: 2, reverse: true)
            #expect(newest.messages.map(\.text) == ["8", "7"])
            #expect(newest.hasMore)
            let late = try await client.history(of: news, since: .cursor(Cursor(first)), limit: 1)
            #expect(late.gap == Gap(reason: .expired, missed: 2))
            #expect(late.messages.map(\.text) == ["4"])
        }
    }

    @Test("status tells where the log ends, and who follows it")
    func status() async throws {
        try await withServer { server, client in
            let news = try ChannelName("news")
            let states = EventBox<Bool>()
            var options = SubscriptionOptions.quick
            options.onStateChange = { if case .streaming = $0 { states.send(true) } }
            let subscription = try client.subscribe(to: [news], transport: .eventStream, options: options)
            async let events = subscription.first(1)
            _ = try await states.next()
            #expect(try await client.status(of: news).subscribers == 1)
            let position = try server.publish("x", to: news)
            #expect(try await client.status(of: news).position == position)
            _ = try await events
        }
    }

    @Test("what is no subscription is refused here")
    func misuse() async throws {
        let client = try ChannelClient("http://127.0.0.1:1")
        let name = try ChannelName("a")
        let cursor = try #require(Cursor("abc-1.abc-2"))
        for (names, since) in [([], Since.now), ([name, name], .now), ([name], .cursor(cursor))] {
            let error = #expect(throws: ClientError.self) { try client.subscribe(to: names, since: since) }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("nobody there is an error that says where")
    func unreachable() async throws {
        let proxy = try await CuttingProxy.start(to: 9)
        await proxy.stop()
        let client = try ChannelClient("http://127.0.0.1:\(proxy.port)")
        let error = await #expect(throws: ClientError.self) { try await client.status(of: ChannelName("a")) }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.contains("127.0.0.1:\(proxy.port)") == true)
    }
}
