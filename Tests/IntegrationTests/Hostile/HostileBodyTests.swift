import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import Testing

/// Bodies, pipelines, and clients that take their time.
@Suite("Hostile: bodies and pipelines")
struct HostileBodyTests {
    @Test("a body beyond the limit is 413, announced or not, and stops being read")
    func tooLarge() async throws {
        try await withServer({ $0.hub.maximumMessageBytes = 10_000 }) { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let large = String(repeating: "x", count: 10_001)
            let requests = [
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: 10001\r\n\r\n\(large)",
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: 9223372036854775807\r\n\r\n",
                "POST /channels/a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n2711\r\n\(large)\r\n0\r\n\r\n",
                "POST /channels/a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "3E8\r\n\(String(repeating: "y", count: 1_000))\r\n", count: 11),
                "GET /channels/a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n2711\r\n\(large)\r\n",
            ]
            for (number, request) in requests.enumerated() {
                let exchange = try await RawExchange.send(request, to: server)
                // The last one's GET is answered before its body is known to be too large.
                #expect(exchange.responses.map(\.status) == [number == 4 ? 200 : 413], "request \(number)")
                #expect(exchange.isClosed)
            }
            let fits = try await RawExchange.send(
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: 10000\r\nConnection: close\r\n\r\n\(large.dropLast())",
                to: server
            )
            #expect(fits.responses.map(\.status) == [201])
            try await server.expectAlive()
        }
    }

    @Test("a chunked body is put together")
    func chunked() async throws {
        try await withServer { server in
            let exchange = try await RawExchange.send(
                "POST /channels/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    + "5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n",
                to: server
            )
            #expect(exchange.responses.map(\.status) == [201])
            let read = try await HTTPClient.once(port: server.port, "GET", "/channels/a")
            #expect(read.text.contains("\"data\":\"hello world\""))
        }
    }

    @Test("requests sent ahead are answered in order")
    func pipelined() async throws {
        try await withServer { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let publishes = (0..<20).map {
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: \("\($0)".count)\r\n\r\n\($0)"
            }
            let mixed = "GET /channels/a HTTP/1.1\r\n\(host)\r\nGET /nowhere HTTP/1.1\r\n\(host)\r\n"
            let exchange = try await RawExchange.send(publishes.joined() + mixed, to: server, answers: 22)
            #expect(exchange.responses.map(\.status) == Array(repeating: 201, count: 20) + [200, 404])
            for (index, response) in exchange.responses.prefix(20).enumerated() {
                #expect(response.text.contains("\"offset\":\(index + 1),"))
            }
            #expect(exchange.responses[20].text.contains("\"data\":\"19\""))
        }
    }

    @Test("requests sent ahead wait behind a long poll")
    func pipelinedBehindLongPoll() async throws {
        try await withServer { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write(
                "GET /channels/a?transport=long-poll HTTP/1.1\r\n\(host)\r\n"
                    + "POST /channels/b HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhello"
                    + "GET /channels/b HTTP/1.1\r\n\(host)\r\n"
            )
            try await server.waitForSubscribers(1, on: "a")
            #expect(try server.hub.status(of: ChannelName("b")).position.offset == 0)
            try server.publish("first", to: "a")
            let answers = [
                try await socket.readResponse(), try await socket.readResponse(), try await socket.readResponse(),
            ]
            #expect(answers.map(\.status) == [200, 201, 200])
            #expect(answers[0].text.contains("\"data\":\"first\""))
            #expect(answers[2].text.contains("\"data\":\"hello\""))
            try await socket.close()
        }
    }

    @Test("more requests than may wait behind a long poll end the connection")
    func tooManyPipelined() async throws {
        try await withServer { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let exchange = try await RawExchange.send(
                "GET /channels/a?transport=long-poll HTTP/1.1\r\n\(host)\r\n"
                    + String(repeating: "GET /channels/b HTTP/1.1\r\n\(host)\r\n", count: 1_000),
                to: server
            )
            #expect(exchange.isClosed)
            #expect(exchange.responses.isEmpty)
            try await server.waitForSubscribers(0, on: "a")
            try await server.waitForConnections(0)
            try await server.expectAlive()
        }
    }

    @Test("a long body sent ahead behind a long poll is bounded")
    func longBodyBehindLongPoll() async throws {
        try await withServer { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let exchange = try await RawExchange.send(
                "GET /channels/a?transport=long-poll HTTP/1.1\r\n\(host)\r\n"
                    + "POST /channels/b HTTP/1.1\r\n\(host)Content-Length: 50000000\r\n\r\n"
                    + String(repeating: "x", count: 10_000_000),
                to: server
            )
            #expect(exchange.isClosed)
            try await server.waitForConnections(0)
        }
    }

    @Test("a client that expects 100 is told to go on, or why not")
    func expectContinue() async throws {
        try await withServer({ $0.hub.maximumMessageBytes = 1_000 }) { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write(
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await socket.readResponse().status == 100)
            try await socket.write("hello")
            #expect(try await socket.readResponse().status == 201)
            // Refused before its body is sent.
            try await socket.write(
                "POST /channels/a HTTP/1.1\r\n\(host)Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await socket.readResponse().status == 413)
            #expect(try await socket.readToEnd().isEmpty)
            try await socket.close()
        }
    }

    @Test("a head that never comes, or comes a byte at a time, is 408")
    func slowHead() async throws {
        try await withServer({ $0.headTimeout = .milliseconds(500) }) { server in
            let silent = try await RawExchange.send("", to: server)
            #expect(silent.responses.map(\.status) == [408])
            #expect(silent.isClosed)
            let half = try await RawExchange.send("GET /channels/a HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", to: server)
            #expect(half.responses.map(\.status) == [408])
            // A byte now and then does not buy more time.
            let socket = try await RawSocket.connect(port: server.port)
            let dripping = Task {
                try await socket.write("GET /channels/a HTTP/1.1\r\nX: ")
                while !Task.isCancelled {
                    try await socket.write("a")
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(try await socket.readResponse(within: .seconds(20)).status == 408)
            dripping.cancel()
            try await socket.close()
            try await server.waitForConnections(0)
        }
    }

    @Test("the head of a second request must come in time as well")
    func slowSecondHead() async throws {
        try await withServer({
            $0.headTimeout = .milliseconds(500); $0.idleTimeout = .milliseconds(500)
        }) { server in
            let exchange = try await RawExchange.send(
                "GET /channels/a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /channels/a HTTP/1.1\r\nHost: loc",
                to: server
            )
            #expect(exchange.responses.first?.status == 200)
            #expect(exchange.isClosed)
        }
    }

    @Test("a body that does not come is 408")
    func slowBody() async throws {
        try await withServer({ $0.bodyTimeout = .milliseconds(500) }) { server in
            let exchange = try await RawExchange.send(
                "POST /channels/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhell",
                to: server
            )
            #expect(exchange.responses.map(\.status) == [408])
            #expect(exchange.isClosed)
            let head = try await HTTPClient.once(port: server.port, "HEAD", "/channels/a")
            #expect(head["Apus-Messages"] == "0")
        }
    }

    @Test("a client that goes away in its body publishes nothing")
    func cutBody() async throws {
        try await withServer { server in
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write("POST /channels/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhell")
            try await socket.close()
            try await server.waitForConnections(0)
            let head = try await HTTPClient.once(port: server.port, "HEAD", "/channels/a")
            #expect(head["Apus-Messages"] == "0")
        }
    }

    @Test("a client that asks for much and reads nothing is given up")
    func neverReadsAnswer() async throws {
        try await withServer({
            $0.stallTimeout = .milliseconds(500)
            $0.idleTimeout = .seconds(1)
            $0.hub.retention.bytes = 64 << 20
        }) { server in
            for _ in 0..<32 { try server.publish(String(repeating: "x", count: 1 << 20), to: "large") }
            let socket = try await RawSocket.connect(port: server.port, receiveBufferBytes: 4_096)
            try await socket.pauseReading()
            try await socket.write("GET /channels/large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await server.waitForConnections(1)
            try await server.waitForConnections(0)
            try await server.expectAlive()
        }
    }

    @Test("an answer to HEAD has no body, also when it is refused")
    func head() async throws {
        try await withServer { server in
            let host = "Host: 127.0.0.1:\(server.port)\r\n"
            let socket = try await RawSocket.connect(port: server.port)
            for (path, status) in [("/channels/a", 200), ("/", 200), ("/nowhere", 404), ("/channels/%00", 400)] {
                try await socket.write(
                    "HEAD \(path) HTTP/1.1\r\n\(host)\r\nOPTIONS /channels/a HTTP/1.1\r\n\(host)\r\n"
                )
                #expect(try await socket.readResponse(toHead: true).status == status)
                #expect(try await socket.readResponse().status == 204)
            }
            try await socket.close()
        }
    }

    @Test("connections beyond the limit are told so")
    func tooManyConnections() async throws {
        try await withServer({ $0.maximumConnections = 2 }) { server in
            let first = try await TestTransport.ndjson.connect(port: server.port)
            let second = try await TestTransport.webSocket.connect(port: server.port)
            let third = try await RawExchange.send("", to: server)
            #expect(third.responses.map(\.status) == [503])
            #expect(third.responses.first?["Retry-After"] != nil)
            #expect(third.isClosed)
            try await first.cut()
            try await second.cut()
            try await server.waitForConnections(0)
            try await server.expectAlive()
        }
    }
}
