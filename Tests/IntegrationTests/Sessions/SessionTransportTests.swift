import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// The same conversation on every transport of sessions.
@Suite struct SessionTransportTests {
    @Test(arguments: SessionTestTransport.allCases)
    func aSessionDoesEverythingOnEveryTransport(_ transport: SessionTestTransport) async throws {
        try await withServer { server in
            let client = try await SessionTestClient(port: server.port, transport)
            let subscribed = try await client.command(#""subscribe":{"channel":"news","join_leave":true}"#)
            let epoch = try server.hub.status(of: ChannelName("news")).position.epoch.description
            #expect(try subscribed["subscribe"]?.members()["epoch"]?.string == epoch)
            // From a plain publisher to the session.
            let posted = try await HTTPClient.once(
                port: server.port,
                "POST",
                "/channels/news",
                ["Content-Type: text/plain"],
                body: Array("hi".utf8)
            )
            #expect(posted.status == 201)
            let first = try await client.publication()
            #expect(first == ("news", 1, "\"hi\""))
            // From the session to all.
            let published = try await client.command(#""publish":{"channel":"news","data":{"n":2}}"#)
            #expect(published["publish"] != nil)
            let second = try await client.publication()
            #expect(second == ("news", 2, "{\"n\":2}"))
            #expect(try server.hub.status(of: ChannelName("news")).position.offset == 2)
            let history = try await client.command(#""history":{"channel":"news","limit":10}"#)
            #expect(try history["history"]?.members()["publications"]?.elements(limit: 10).count == 2)
            let presence = try await client.command(#""presence":{"channel":"news"}"#)
            let id = await client.client
            #expect(try presence["presence"]?.members()["presence"]?.members().map(\.key) == [id])
            let resource = try await HTTPClient.once(port: server.port, "GET", "/channels/news/presence")
            #expect(
                String(decoding: resource.body, as: UTF8.self)
                    == #"{"clients":1,"users":1,"presence":[{"client":"\#(id)"}]}"#
            )
            #expect(try await client.command(#""ping":{}"#)["ping"] != nil)
            let again = try await client.command(#""subscribe":{"channel":"news"}"#)
            #expect(try again["error"]?.members()["code"]?.integer == 105)
            #expect(try await client.command(#""unsubscribe":{"channel":"news"}"#)["unsubscribe"] != nil)
            #expect(server.hub.presence(on: try ChannelName("news")) == [])
            try await client.cut()
        }
    }

    @Test(arguments: SessionTestTransport.allCases)
    func badInputEndsTheSessionWithItsCode(_ transport: SessionTestTransport) async throws {
        try await withServer { server in
            let client = try await SessionTestClient(port: server.port, transport)
            try await client.send("{\"id\":2,\"subscribe\":5}")
            if transport == .webSocket {
                await #expect(throws: SessionClosed(code: 3501)) { try await client.nextLine() }
            } else {
                #expect(
                    try await client.nextLine() == #"{"push":{"disconnect":{"code":3501,"reason":"bad request"}}}"#
                )
            }
            try await client.cut()
            // Nobody else suffers.
            let other = try await SessionTestClient(port: server.port, transport)
            #expect(try await other.command(#""ping":{}"#)["ping"] != nil)
            try await other.cut()
        }
    }

    @Test(arguments: SessionTestTransport.allCases)
    func aServerThatStopsSaysSo(_ transport: SessionTestTransport) async throws {
        try await withServer { server in
            let client = try await SessionTestClient(port: server.port, transport)
            _ = try await client.command(#""subscribe":{"channel":"news"}"#)
            switch transport {
            case .webSocket:
                async let stopped: Void = server.stop()
                await #expect(throws: SessionClosed(code: 3001)) { try await client.nextLine() }
                await stopped
            case .httpStream, .eventStream, .iframe:
                async let stopped: Void = server.stop()
                #expect(try await client.nextLine() == #"{"push":{"disconnect":{"code":3001,"reason":"shutdown"}}}"#)
                await stopped
            case .longPoll, .poll:
                // Between two polls there is nobody to tell; the next one finds no server.
                await server.stop()
                await #expect(throws: (any Error).self) { try await client.nextLine() }
            }
        }
    }

    @Test func aCompressedSocketCarriesLargePublications() async throws {
        try await withServer { server in
            let client = try await SessionTestClient(port: server.port, .webSocket, deflate: true)
            _ = try await client.command(#""subscribe":{"channel":"news"}"#)
            let text = String(repeating: "again and ", count: 2_000)
            try server.publish(text)
            let received = try await client.publication()
            #expect(received.data == "\"\(text)\"")
            try await client.cut()
        }
    }

    @Test(arguments: ["/connection/uni_http_stream", "/connection/uni_sse", "/connection/uni_websocket"])
    func aOneWayClientGetsBarePushes(_ path: String) async throws {
        try await withServer { server in
            try server.publish("old")
            let query = "cf_connect=%7B%22subs%22%3A%7B%22news%22%3A%7B%7D%7D%7D"
            let next: () async throws -> String
            if path.hasSuffix("websocket") {
                let socket = try await WebSocketClient(SubscriberRequest(port: server.port), path: path)
                try await socket.send(#"{"subs":{"news":{}}}"#)
                next = {
                    guard case .text(let text) = try await socket.nextMessage() else { return "" }
                    return text
                }
            } else {
                let socket = try await RawSocket.connect(port: server.port)
                try await socket.write(
                    "GET \(path)?\(query) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
                )
                #expect(try await socket.readResponseHead(within: .seconds(30)).status == 200)
                next = {
                    let text = String(decoding: try await socket.readChunk(within: .seconds(30)), as: UTF8.self)
                    return (text.hasPrefix("data: ") ? text.dropFirst(6) : text[...]).trimming("\n")
                }
            }
            let connect = try await next()
            #expect(connect.hasPrefix(#"{"connect":{"client":""#))
            #expect(connect.contains(#""subs":{"news":{"recoverable":true,"epoch":""#))
            try await server.waitForSubscribers(1)
            try server.publish("new")
            let push = try await next()
            #expect(push.hasPrefix(#"{"channel":"news","pub":{"data":"new","offset":2,"#))
        }
    }

    @Test func theProtobufFormCarriesBytesAsTheyAre() async throws {
        try await withServer { server in
            let socket = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/connection/websocket",
                subprotocols: ["centrifuge-protobuf", "centrifuge-json"]
            )
            #expect(socket.head["Sec-WebSocket-Protocol"] == "centrifuge-protobuf")
            // connect, and subscribe to news
            try await socket.send(
                .binary,
                [4, 0x08, 1, 0x22, 0] + [10, 0x08, 2, 0x2A, 6, 0x0A, 4] + Array("news".utf8)
            )
            guard case .binary(let connected) = try await socket.nextMessage(),
                case .binary(let subscribed) = try await socket.nextMessage()
            else {
                Issue.record("no binary messages")
                return
            }
            #expect(connected[1...3] == [0x08, 1, 0x2A])
            #expect(subscribed[1...3] == [0x08, 2, 0x32])
            let bytes: [UInt8] = [0xFF, 0x00, 0x80]
            try server.hub.publish(
                Message(data: ByteBuffer(bytes: bytes), contentType: .binary),
                to: ChannelName("news")
            )
            guard case .binary(let push) = try await socket.nextMessage() else {
                Issue.record("no push")
                return
            }
            // push { channel: news, pub { data: the bytes
            #expect(push[3...].starts(with: [0x12, 4] + Array("news".utf8)))
            #expect(push.contains(0x22) && push[11...].starts(with: [0x22, 3] + bytes))
            try await socket.send("{}")
            #expect(try await socket.closeCode() == 3506)
        }
    }

    @Test func anUpstreamRequestWithoutItsSessionIsNotFound() async throws {
        let server = try await SharedServer.get()
        for path in ["/emulation", "/connection/long_poll"] {
            let answer = try await HTTPClient.once(
                port: server.port,
                "POST",
                path,
                body: Array(#"{"session":"none","node":"","data":"{}"}"#.utf8)
            )
            #expect(answer.status == 404)
        }
        let malformed = try await HTTPClient.once(port: server.port, "POST", "/emulation", body: Array("[]".utf8))
        #expect(malformed.status == 400)
        let protobuf = try await HTTPClient.once(port: server.port, "GET", "/connection/sse?format=protobuf")
        #expect(protobuf.status == 400)
        let plain = try await HTTPClient.once(port: server.port, "GET", "/connection/websocket")
        #expect(plain.status == 426)
    }

    @Test func aForeignPageCantOpenASession() async throws {
        let server = try await SharedServer.get()
        for (method, path) in [("GET", "/connection/sse?cf_connect=%7B%7D"), ("POST", "/connection/http_stream")] {
            let answer = try await HTTPClient.once(
                port: server.port,
                method,
                path,
                ["Origin: https://evil.example"],
                body: method == "POST" ? Array(#"{"id":1,"connect":{}}"#.utf8) : nil
            )
            #expect(answer.status == 403)
        }
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
