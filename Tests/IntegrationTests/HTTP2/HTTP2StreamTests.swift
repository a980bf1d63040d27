import ApusServer
import ApusTestSupport
import Testing

/// Many streams of one HTTP/2 connection: each goes at its own pace.
@Suite("HTTP/2 streams")
struct HTTP2StreamTests {
    private static let endStream: UInt8 = 1

    private func connect(_ server: Server, settings: [UInt8] = []) async throws -> (RawHTTP2, authority: String) {
        let port = server.plainPort
        let client = try await RawHTTP2(port: port)
        // The connection's window is never what holds a stream up here.
        try await client.send(
            RawFrame(.settings, payload: settings),
            RawFrame(.windowUpdate, payload: RawFrame.integer(1 << 30))
        )
        return (client, "127.0.0.1:\(port)")
    }

    @Test("a hundred event streams on one connection get every message once and in order")
    func hundredStreams() async throws {
        let streams = 100
        let messages = 20
        try await withServer { server in
            let (client, authority) = try await connect(server)
            try await client.send(
                (0..<streams).map {
                    .get("/channels/news?transport=sse&since=now", authority: authority, stream: UInt32($0 * 2 + 1))
                }
            )
            try await server.waitForSubscribers(streams)
            #expect(await server.connectionCount == streams + 1)
            for index in 0..<messages { try server.publish("message \(index).") }
            var texts: [UInt32: String] = [:]
            var whole = 0
            while whole < streams {
                let data = try await client.next(.data)
                let text = String(decoding: data.payload, as: UTF8.self)
                texts[data.stream, default: ""] += text
                if text.contains("message \(messages - 1).") { whole += 1 }
            }
            for text in texts.values {
                let numbers = text.split(separator: "\n").compactMap { line -> Int? in
                    guard let start = line.firstRange(of: "message ")?.upperBound else { return nil }
                    return Int(line[start...].prefix { $0 != "." })
                }
                #expect(numbers == Array(0..<messages))
            }
            #expect(texts.count == streams)
            try await client.socket.close()
            try await server.waitForSubscribers(0)
        }
    }

    @Test("a stream without window lags, while another on its connection gets everything")
    func flowControl() async throws {
        let count = 500
        let window = 1_000
        let padding = String(repeating: ".", count: 4_096)
        try await withServer { server in
            // SETTINGS_INITIAL_WINDOW_SIZE
            let (client, authority) = try await connect(server, settings: [0, 4] + RawFrame.integer(UInt32(window)))
            for stream in [1, 3] as [UInt32] {
                try await client.send(
                    .get("/channels/news?transport=stream&since=now", authority: authority, stream: stream)
                )
            }
            try await client.send(RawFrame(.windowUpdate, stream: 3, payload: RawFrame.integer(1 << 30)))
            try await server.waitForSubscribers(2)
            var texts: [UInt32: String] = [1: "", 3: ""]
            for index in 0..<count { try server.publish("message \(index)\(padding)") }
            try await read(client, to: "message \(count - 1).", on: 3, into: &texts)
            #expect(texts[1]?.utf8.count == window)
            #expect(numbers(texts[3]) == Array(0..<count))
            // It was never dropped: with a window it reads on where it stood.
            try await client.send(RawFrame(.windowUpdate, stream: 1, payload: RawFrame.integer(1 << 30)))
            try await read(client, to: "message \(count - 1).", on: 1, into: &texts)
            #expect(numbers(texts[1]) == Array(0..<count))
            try await client.socket.close()
        }
    }

    private func read(_ client: RawHTTP2, to mark: String, on stream: UInt32, into texts: inout [UInt32: String])
        async throws
    {
        while true {
            let data = try await client.next(.data)
            let text = String(decoding: data.payload, as: UTF8.self)
            // The mark may lie across two frames.
            let isLast = data.stream == stream && ((texts[stream] ?? "").suffix(32) + text).contains(mark)
            texts[data.stream, default: ""] += text
            if isLast { return }
        }
    }

    private func numbers(_ text: String?) -> [Int] {
        (text ?? "").split(separator: "\n").compactMap { line in
            guard let start = line.firstRange(of: "message ")?.upperBound else { return nil }
            return Int(line[start...].prefix { $0 != "." })
        }
    }

    @Test("a stream that the client resets is over, and its neighbour is not")
    func reset() async throws {
        try await withServer { server in
            let (client, authority) = try await connect(server)
            for stream in [1, 3] as [UInt32] {
                try await client.send(.get("/channels/news?transport=sse", authority: authority, stream: stream))
            }
            try await server.waitForSubscribers(2)
            try await client.send(RawFrame(.reset, stream: 1, payload: RawFrame.integer(8)))
            try await server.waitForSubscribers(1)
            try server.publish("for one")
            while true {
                let data = try await client.next(.data)
                guard String(decoding: data.payload, as: UTF8.self).contains("for one") else { continue }
                #expect(data.stream == 3)
                break
            }
            try await client.socket.close()
        }
    }

    @Test("a server that stops says GOAWAY, ends its streams in their own words, and closes")
    func goAway() async throws {
        try await withServer({ $0.stopTimeout = .seconds(10) }) { server in
            let (client, authority) = try await connect(server)
            try await client.send(.get("/channels/news?transport=sse", authority: authority, stream: 1))
            try await server.waitForSubscribers(1)
            async let stopped: Void = server.stop()
            var hasGoneAway = false
            var hasEnded = false
            while let frame = try await client.nextUnlessClosed() {
                switch RawFrame.Kind(rawValue: frame.kind) {
                case .goAway:
                    hasGoneAway = true
                    #expect(frame.errorCode == 0)
                case .data where frame.flags & Self.endStream != 0: hasEnded = true
                // The server asks whether what is on its way has arrived before it names the last stream.
                case .ping where frame.flags == 0:
                    try await client.send(RawFrame(.ping, flags: 1, payload: frame.payload))
                default: break
                }
            }
            #expect(hasGoneAway && hasEnded)
            await stopped
        }
    }

    @Test("an idle connection is ended with GOAWAY")
    func idle() async throws {
        try await withServer({ $0.idleTimeout = .milliseconds(200) }) { server in
            let (client, _) = try await connect(server)
            let frame = try await client.next(.goAway)
            #expect(frame.errorCode == 0)
            try await client.socket.close()
        }
    }

    @Test("what a large page has to send waits for the window, and is given up when there is none for too long")
    func stalledPage() async throws {
        try await withServer({ $0.stallTimeout = .milliseconds(300) }) { server in
            let (client, authority) = try await connect(server, settings: [0, 4] + RawFrame.integer(100))
            try await client.send(.get("/", authority: authority, stream: 1))
            let data = try await client.next(.data)
            #expect(data.payload.count == 100)
            let reset = try await client.next(.reset)
            #expect(reset.stream == 1)
            try await server.expectAlive()
            try await client.socket.close()
        }
    }

    @Test("a client that sends more than is read of its body gets its answer, and is then told to stop")
    func unreadBody() async throws {
        try await withServer { server in
            let (client, authority) = try await connect(server)
            try await client.send(.get("/channels/news", authority: authority, stream: 1, endStream: false))
            let answer = try await client.next(.headers)
            #expect(answer.payload.first == 0x88)
            let reset = try await client.next(.reset)
            // NO_ERROR
            #expect(reset.errorCode == 0)
            try await client.socket.close()
        }
    }
}
