import ApusCore
import ApusHub
import ApusServer
import NIOCore
import Testing

/// The Swift snippets of the documents; `SnippetTests` compares them. What stands outside the marks belongs to the tests.
@Suite struct Snippets {
    @Test func `a program starts a server, publishes and reads`() async throws {
        var chosen = ServerConfiguration()
        chosen.port = 0
        let configuration = chosen
        // snippet
        let server = try await Server.start(configuration)
        let news = try ChannelName("news")
        try server.hub.publish(Message(text: "hello"), to: news)

        for try await event in try server.hub.messages(on: [news], since: .start) {
            switch event {
            case .message(let publication, _, let cursor):
                print(String(buffer: publication.message.data), "resume after", cursor)
            case .gap(let gap, _, let cursor):
                print("lost:", gap.reason, "goes on from", cursor)
            }
            break
        }
        await server.stop()
        // end
        #expect(server.hub.channelCount == 1)
    }

    @Test func `a program chooses where to listen and what to keep`() async throws {
        // snippet
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.allowedOrigins = ["https://example.org"]
        configuration.hub.retention = Retention(messages: 10_000, age: .seconds(86_400))
        let server = try await Server.start(configuration)
        print("listens on", server.address)
        // end
        #expect(server.address.port != 0)
        await server.stop()
    }

    @Test func `a program decides on sessions`() async throws {
        var configuration = ServerConfiguration()
        // snippet
        configuration.sessionHooks.onConnect = { request in
            guard request.token == "secret" else { throw SessionDisconnect.invalidToken }
            return SessionConnectDecision(user: "eve")
        }
        configuration.sessionHooks.onPublish = { client, channel, data in
            guard channel.rawValue != "news" else { throw SessionError.permissionDenied }
        }
        configuration.sessionHooks.onRPC = { client, method, data in
            guard method == "whoami" else { throw SessionError.methodNotFound }
            return ByteBuffer(string: "\"\(client.info.user ?? "")\"")
        }
        // end
        let connect = try #require(configuration.sessionHooks.onConnect)
        let request = SessionConnectRequest(client: "c1", token: "secret")
        #expect(try await connect(request).user == "eve")
        await #expect(throws: SessionDisconnect.invalidToken) {
            _ = try await connect(SessionConnectRequest(client: "c1", token: "other"))
        }
        #expect(configuration.sessionHooks.onPublish != nil && configuration.sessionHooks.onRPC != nil)
    }

    @Test func `a program publishes JSON under an id`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = try await Server.start(configuration)
        let hub = server.hub
        // snippet
        let orders = try ChannelName("orders")
        let order = try Message(
            data: ByteBuffer(string: #"{"number":1}"#),
            contentType: .json,
            event: "created",
            id: "order-1"
        )
        let first = try hub.publish(order, to: orders)
        let again = try hub.publish(order, to: orders)
        print(first.position == again.position, again.isDuplicate)
        // end
        #expect(first.position == again.position)
        #expect(again.isDuplicate)
        // snippet
        do {
            try hub.publish(Message(data: ByteBuffer(string: "{"), contentType: .json), to: orders)
        } catch {
            print(error.code, error.code.status, error.message)
        }
        // end
        // snippet
        let status = try hub.status(of: orders)
        print(status.position, status.messages, status.bytes, status.subscribers)
        // end
        #expect(status.messages == 1)
        await server.stop()
    }

    @Test func `a program reads on from a cursor, and is told of a gap`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = try await Server.start(configuration)
        let hub = server.hub
        var seen: [String] = []
        let saved = try Cursor(hub.status(of: ChannelName("news")).position).description
        hub.drop(try ChannelName("news"))
        try hub.publish(Message(data: ByteBuffer(string: "after"), contentType: .text), to: ChannelName("news"))
        func handle(_ message: Message) { seen.append(String(buffer: message.data)) }
        func isDone() -> Bool { seen.count == 2 }
        func readEverythingAgain() { seen.append("gap") }
        var last: Cursor?
        func save(_ cursor: Cursor) { last = cursor }
        // snippet
        for try await event in try hub.messages(on: [ChannelName("news")], since: Since(saved)) {
            switch event {
            case .message(let publication, _, let cursor):
                handle(publication.message)
                save(cursor)
            case .gap(_, _, let cursor):
                readEverythingAgain()
                save(cursor)
            }
            if isDone() { break }
        }
        // end
        #expect(seen == ["gap", "after"])
        #expect(try last == Cursor(hub.status(of: ChannelName("news")).position))
        await server.stop()
    }
}
