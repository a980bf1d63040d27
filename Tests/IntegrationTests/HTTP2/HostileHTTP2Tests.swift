import ApusServer
import ApusTestSupport
import Testing

/// Clients that want HTTP/2 to cost more than it gives (RFC 9113 §10.5): each is told so and loses its connection, nobody else does.
@Suite("Hostile: HTTP/2")
struct HostileHTTP2Tests {
    private func expectEnd(
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        code: UInt32? = RawHTTP2.enhanceYourCalm,
        _ frames: (String) -> [RawFrame]
    ) async throws {
        try await withServer(configure) { server in
            let port = server.plainPort
            let client = try await RawHTTP2(port: port)
            try await client.send(frames("127.0.0.1:\(port)"))
            let end = try await client.end()
            if let code { #expect(end == code) }
            try await server.expectAlive()
            try await server.waitForConnections(1)
        }
    }

    @Test("streams that are reset as soon as they are opened end the connection")
    func rapidReset() async throws {
        try await expectEnd({ $0.http2.maximumResets = 100 }) { authority in
            (0..<400).flatMap { index in
                let stream = UInt32(index * 2 + 1)
                return [
                    RawFrame.get("/channels/news?transport=sse", authority: authority, stream: stream),
                    RawFrame(.reset, stream: stream, payload: RawFrame.integer(8)),
                ]
            }
        }
    }

    @Test("a flood of pings ends the connection")
    func pings() async throws {
        try await expectEnd { _ in (0..<400).map { _ in RawFrame(.ping, payload: Array(repeating: 7, count: 8)) } }
    }

    @Test("a flood of settings ends the connection")
    func settings() async throws {
        try await expectEnd { _ in
            (0..<400).map { _ in RawFrame(.settings, payload: [0, 4, 0, 1, 0, 0]) }
        }
    }

    @Test("a head of too many CONTINUATION frames ends the connection")
    func continuations() async throws {
        try await expectEnd { authority in
            let start = RawFrame.get("/", authority: authority, stream: 1)
            let head = RawFrame(.headers, flags: 1, stream: 1, payload: start.payload)
            return [head]
                + (0..<100).map { RawFrame(.continuation, stream: 1, payload: RawFrame.literal("x-\($0)", "y")) }
        }
    }

    @Test("a small head that unpacks to a large one ends the connection")
    func headerBomb() async throws {
        try await expectEnd(code: nil) { authority in
            // One field of 120 bytes in the dynamic table, and then a thousand bytes that each name it (RFC 7541 §6.1).
            let start = RawFrame.get("/", authority: authority, stream: 1)
            let field = [0x40, 1] + Array("x".utf8) + [120] + Array(repeating: UInt8(ascii: "y"), count: 120)
            let bomb = Array(repeating: UInt8(0x80 | 62), count: 1_000)
            return [RawFrame(.headers, flags: 5, stream: 1, payload: start.payload + field + bomb)]
        }
    }

    @Test("empty DATA frames one after another end the connection")
    func emptyData() async throws {
        try await expectEnd { authority in
            [
                RawFrame(
                    .headers,
                    flags: 4,
                    stream: 1,
                    payload: [0x83, 0x86] + RawFrame.literal(4, "/channels/news")
                        + RawFrame.literal(1, authority)
                )
            ] + (0..<50).map { _ in RawFrame(.data, stream: 1) }
        }
    }

    @Test("more streams at a time than are allowed are refused, and those that are open live on")
    func tooManyStreams() async throws {
        try await withServer({ $0.http2.maximumStreams = 3 }) { server in
            let port = server.plainPort
            let client = try await RawHTTP2(port: port)
            for stream in [1, 3, 5, 7] as [UInt32] {
                try await client.send(
                    .get("/channels/news?transport=sse", authority: "127.0.0.1:\(port)", stream: stream)
                )
            }
            // REFUSED_STREAM
            let reset = try await client.next(.reset)
            #expect(reset.stream == 7)
            #expect(reset.errorCode == 7)
            try await server.waitForSubscribers(3)
            try server.publish("still here")
            var streams: Set<UInt32> = []
            while streams.count < 3 {
                let data = try await client.next(.data)
                if String(decoding: data.payload, as: UTF8.self).contains("still here") { streams.insert(data.stream) }
            }
            #expect(streams == [1, 3, 5])
            try await client.socket.close()
        }
    }

    @Test("what is no HTTP/2 after the preface ends the connection")
    func garbage() async throws {
        try await expectEnd(code: nil) { _ in
            [RawFrame(kind: 4, flags: 0, stream: 9, payload: Array("not settings at all".utf8))]
        }
    }

    @Test(
        "requests that break the rules are answered, and the connection lives on",
        arguments: [
            ["x-upper": "x"], ["host": "elsewhere.example"],
        ]
    )
    func badRequests(_ fields: [String: String]) async throws {
        try await withServer { server in
            let port = server.plainPort
            let client = try await RawHTTP2(port: port)
            let good = RawFrame.get("/channels/news", authority: "127.0.0.1:\(port)", stream: 1)
            var bad = good
            bad.stream = 3
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                bad.payload += RawFrame.literal(name, value)
            }
            try await client.send(good, bad)
            let first = try await client.next(.headers)
            let second = try await client.next(.headers)
            #expect(first.stream == 1 && first.payload.first == 0x88)
            // 0x8C is :status 400 in the static table; anything unknown is simply ignored.
            #expect(second.payload.first == (fields["host"] == nil ? 0x88 : 0x8C))
            try await client.socket.close()
        }
    }

    @Test("a preface in pieces is one, and a request that begins like it is none")
    func preface() async throws {
        try await withServer { server in
            let port = server.plainPort
            let socket = try await RawSocket.connect(port: port)
            for byte in RawHTTP2.preface { try await socket.write([byte]) }
            try await socket.write(RawFrame(.settings).bytes)
            let head = try await socket.read(9)
            #expect(head[3] == RawFrame.Kind.settings.rawValue)
            try await socket.close()
            let other = try await RawSocket.connect(port: port)
            for text in ["P", "RI", " /nothing HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"] {
                try await other.write(text)
            }
            let answer = try await other.readResponse()
            #expect(answer.status == 405 || answer.status == 400)
            try await other.close()
        }
    }

    @Test("a client that says nothing is told so in time, whichever HTTP it had in mind")
    func silence() async throws {
        try await withServer({ $0.headTimeout = .milliseconds(100) }) { server in
            let socket = try await RawSocket.connect(port: server.plainPort)
            let answer = try await socket.readResponse()
            #expect(answer.status == 408)
        }
    }
}
