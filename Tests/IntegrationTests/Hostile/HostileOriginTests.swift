import ApusServer
import ApusTestSupport
import Testing

/// Pages of foreign origins (`spec/channels.md` §6).
@Suite("Hostile: origins")
struct HostileOriginTests {
    private static let upgrade = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]

    @Test(
        "a foreign origin is refused, whatever it asks for",
        arguments: [
            "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "null",
            "https://good.example.evil.example", "http://good.example", "https://good.example:444", "nonsense",
            "file://",
        ]
    )
    func refuses(_ origin: String) async throws {
        try await withServer({ $0.allowedOrigins = ["https://good.example"] }) { server in
            let field = "Origin: \(origin)"
            for (method, fields) in [
                ("GET", []), ("POST", ["Content-Length: 0"]), ("DELETE", []), ("GET", Self.upgrade),
                ("OPTIONS", ["Access-Control-Request-Method: POST"]), ("GET", ["Accept: text/event-stream"]),
            ] {
                let answer = try await HTTPClient.once(port: server.port, method, "/channels/a", [field] + fields)
                #expect(answer.status == 403, "\(method) \(fields)")
                #expect(answer.problemCode == "origin-not-allowed")
                #expect(answer["Access-Control-Allow-Origin"] == nil)
            }
            let head = try await HTTPClient.once(port: server.port, "HEAD", "/channels/a")
            #expect(head["Apus-Messages"] == "0")
        }
    }

    @Test("an origin that may is told so, also by errors, streams and preflights")
    func allowed() async throws {
        try await withServer({ $0.allowedOrigins = ["https://good.example"] }) { server in
            for origin in ["https://good.example", "http://localhost:3000", "http://127.0.0.1:\(server.port)"] {
                let isOwn = origin.hasSuffix("\(server.port)")
                let field = "Origin: \(origin)"
                let answers = [
                    try await HTTPClient.once(port: server.port, "GET", "/channels/a", [field]),
                    try await HTTPClient.once(port: server.port, "POST", "/channels/a", [field], body: Array("x".utf8)),
                    try await HTTPClient.once(port: server.port, "GET", "/channels/%00", [field]),
                    try await HTTPClient.once(
                        port: server.port,
                        "OPTIONS",
                        "/channels/a",
                        [field, "Access-Control-Request-Method: DELETE"]
                    ),
                ]
                #expect(answers.map(\.status) == [200, 201, 400, 204])
                for answer in answers {
                    #expect(answer["Access-Control-Allow-Origin"] == (isOwn ? nil : origin))
                    #expect(answer["Access-Control-Allow-Credentials"] == (isOwn ? nil : "true"))
                    #expect(answer["Vary"]?.contains("Origin") == true)
                }
                #expect(answers[3]["Access-Control-Allow-Methods"]?.contains("DELETE") == true)
                let client = try await WebSocketClient(
                    SubscriberRequest(port: server.port, headers: [field]),
                    path: "/channels/a?since=now"
                )
                try await client.reset()
                let socket = try await RawSocket.connect(port: server.port)
                try await socket.write(
                    "GET /channels/a HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nAccept: text/event-stream\r\n\(field)\r\n\r\n"
                )
                let head = try await socket.readResponseHead()
                #expect(head.status == 200)
                #expect(head["Access-Control-Allow-Origin"] == (isOwn ? nil : origin))
                try await socket.reset()
            }
        }
    }

    @Test("a name that was made to point here is refused (DNS rebinding)")
    func rebinding() async throws {
        try await withServer { server in
            for host in ["evil.example", "evil.example:\(server.port)", "localhost.evil.example", "127.0.0.1.nip.io"] {
                for (method, fields) in [("GET", []), ("POST", ["Content-Length: 0"]), ("GET", Self.upgrade)] {
                    let text = (["\(method) /channels/a HTTP/1.1", "Host: \(host)"] + fields).map { $0 + "\r\n" }
                        .joined()
                    let exchange = try await RawExchange.send(text + "\r\n", to: server, answers: 1)
                    #expect(exchange.responses.map(\.status) == [403], "\(host)")
                }
            }
            for host in ["localhost", "LOCALHOST:\(server.port)", "127.0.0.1", "[::1]:80", "app.localhost"] {
                let exchange = try await RawExchange.send(
                    "GET /channels/a HTTP/1.1\r\nHost: \(host)\r\n\r\n",
                    to: server,
                    answers: 1
                )
                #expect(exchange.responses.map(\.status) == [200], "\(host)")
            }
        }
    }

    @Test("with any origin allowed there are no credentials")
    func anyOrigin() async throws {
        try await withServer({ $0.allowedOrigins = ["*"] }) { server in
            let answer = try await HTTPClient.once(
                port: server.port,
                "GET",
                "/channels/a",
                ["Origin: https://evil.example"]
            )
            #expect(answer.status == 200)
            #expect(answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["Access-Control-Allow-Credentials"] == nil)
        }
    }
}
