import ApusServer
import ApusTestSupport
import ApusWire
import Testing

/// WebSocket handshakes (RFC 6455 §4.2) that are none.
@Suite("Hostile: WebSocket handshakes")
struct HostileHandshakeTests {
    /// A handshake, its status, and the code of its problem document.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var line = "GET /channels/a HTTP/1.1"
        var fields: [String]
        var status = 400
        var code = "bad-handshake"

        static let right = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]

        init(_ name: String, _ replaced: Int, _ field: String?, status: Int = 400, code: String = "bad-handshake") {
            testDescription = name
            var fields = Self.right
            if let field { fields[replaced] = field } else { fields.remove(at: replaced) }
            self.fields = fields
            self.status = status
            self.code = code
        }

        init(_ name: String, line: String, fields: [String] = [], status: Int = 400, code: String = "bad-handshake") {
            testDescription = name
            self.line = line
            self.fields = Self.right + fields
            self.status = status
            self.code = code
        }
    }

    static let cases: [Case] = [
        Case("no Connection", 1, nil),
        Case("Connection without Upgrade", 1, "Connection: keep-alive"),
        Case("no version", 2, nil, status: 426, code: "upgrade-required"),
        Case("version 8", 2, "Sec-WebSocket-Version: 8", status: 426, code: "upgrade-required"),
        Case("version 013", 2, "Sec-WebSocket-Version: 013", status: 426, code: "upgrade-required"),
        Case("no key", 3, nil),
        Case("an empty key", 3, "Sec-WebSocket-Key:"),
        Case("a key of 15 bytes", 3, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"),
        Case("a key of 17 bytes", 3, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA="),
        Case("a key that is no Base64", 3, "Sec-WebSocket-Key: ******AAAAAAAAAAAAAAAA=="),
        Case("two keys", line: "GET /channels/a HTTP/1.1", fields: ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]),
        Case("HTTP/1.0", line: "GET /channels/a HTTP/1.0"),
        Case("several channels on a raw socket", line: "GET /channels/a,b HTTP/1.1"),
        Case("a cursor that is none", line: "GET /channels/a?since=x HTTP/1.1", code: "invalid-cursor"),
        Case("a text type that is none", line: "GET /channels/a?type=x HTTP/1.1", code: "invalid-parameter"),
        Case("a page", line: "GET /nowhere HTTP/1.1", status: 404, code: "not-found"),
    ]

    @Test("is refused", arguments: cases)
    func refuses(_ hostile: Case) async throws {
        let server = try await SharedServer.get()
        let text =
            ([hostile.line, "Host: 127.0.0.1:\(server.port)"] + hostile.fields).map { $0 + "\r\n" }.joined() + "\r\n"
        let exchange = try await RawExchange.send(text, to: server, answers: 1)
        let answer = try #require(exchange.responses.first)
        #expect(exchange.responses.count == 1)
        #expect(answer.status == hostile.status, "\(answer.text)")
        #expect(answer.problemCode == hostile.code)
        if hostile.status == 426 {
            #expect(answer["Sec-WebSocket-Version"] == "13")
            #expect(answer["Upgrade"]?.lowercased() == "websocket")
        }
    }

    @Test("a POST is no handshake, whatever its fields say: it publishes or is refused")
    func post() async throws {
        try await withServer { server in
            let answer = try await HTTPClient.once(
                port: server.port,
                "POST",
                "/channels/a",
                Case.right,
                body: Array("x".utf8)
            )
            #expect([201, 400].contains(answer.status))
            try await server.expectAlive()
        }
    }

    @Test("an upgrade on a connection that has served requests works, its first frame in the same segment")
    func upgradeLate() async throws {
        try await withServer { server in
            let socket = try await RawSocket.connect(port: server.port)
            for _ in 0..<3 {
                try await socket.write("GET /channels/a HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await socket.readResponse().status == 200)
            }
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/echo",
                firstBytes: WebSocketClient.frame(.text, Array("at once".utf8)),
                on: socket
            )
            #expect(try await client.nextMessage() == .text("at once"))
            try await client.send("again")
            #expect(try await client.nextMessage() == .text("again"))
            try await client.reset()
        }
    }

    @Test("an upgrade behind requests that were sent ahead works")
    func upgradePipelined() async throws {
        try await withServer { server in
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write("GET /channels/a HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let first = try await socket.readResponse()
            #expect(first.status == 200)
            let handshake =
                "GET /echo HTTP/1.1\r\nHost: localhost\r\n" + Case.right.map { $0 + "\r\n" }.joined() + "\r\n"
            try await socket.write(
                Array("GET /channels/a HTTP/1.1\r\nHost: localhost\r\n\r\n\(handshake)".utf8)
                    + WebSocketClient.frame(.text, Array("behind".utf8))
            )
            #expect(try await socket.readResponse().status == 200)
            #expect(try await socket.readResponse().status == 101)
            #expect(try await socket.read(8) == [0x81, 6] + Array("behind".utf8))
            try await socket.close()
        }
    }

    @Test("the first subprotocol that both know is chosen")
    func subprotocols() async throws {
        let server = try await SharedServer.get()
        for (offered, chosen) in [
            (["apus.raw.v1", "apus.envelope.v1"], "apus.raw.v1"), (["x", "apus.envelope.v1"], "apus.envelope.v1"),
            (["x", "y"], nil), ([], nil),
        ] {
            let client = try await WebSocketClient(
                SubscriberRequest(port: server.port),
                path: "/channels/subprotocols",
                subprotocols: offered
            )
            #expect(client.head["Sec-WebSocket-Protocol"] == chosen)
            try await client.reset()
        }
    }
}
