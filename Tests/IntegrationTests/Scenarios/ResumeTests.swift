import ApusCore
import ApusServer
import ApusTestSupport
import Testing

/// A subscriber that comes back misses nothing and gets nothing twice.
@Suite("Scenario: resume")
struct ResumeTests {
    @Test("several cuts among 500 messages lose and double none", arguments: TestTransport.withCursor)
    func resumes(_ transport: TestTransport) async throws {
        try await withServer { server in
            let publisher = Task {
                for index in 0..<500 {
                    try server.publish("\(index)")
                    if index.isMultiple(of: 7) { await Task.yield() }
                }
            }
            var random = SeededGenerator(seed: 3)
            var since = "start"
            var texts: [String] = []
            while texts.count < 500 {
                let subscriber = try await transport.connect(port: server.port, since: since)
                let count = min(Int.random(in: 1...90, using: &random), 500 - texts.count)
                texts += try await subscriber.messages(count).map(\.text)
                since = try #require(await subscriber.cursor)
                try await subscriber.cut()
            }
            try await publisher.value
            #expect(texts == (0..<500).map { "\($0)" })
        }
    }

    @Test(
        "a cursor of one transport resumes on another",
        arguments: TestTransport.withCursor,
        TestTransport.allCases
    )
    func resumesElsewhere(from: TestTransport, to: TestTransport) async throws {
        try await withServer { server in
            for index in 0..<20 { try server.publish("\(index)") }
            let first = try await from.connect(port: server.port, since: "start")
            var texts = try await first.messages(12).map(\.text)
            let cursor = try #require(await first.cursor)
            try await first.cut()
            for index in 20..<30 { try server.publish("\(index)") }
            let second = try await to.connect(port: server.port, since: cursor)
            texts += try await second.messages(18).map(\.text)
            // Once caught up, it goes on live.
            try server.publish("30")
            texts.append(try await second.message().text)
            #expect(texts == (0...30).map { "\($0)" })
        }
    }

    @Test("three channels are read on one connection, and resumed with one cursor", arguments: TestTransport.withCursor)
    func severalChannels(_ transport: TestTransport) async throws {
        try await withServer { server in
            let names = ["a", "b", "c"]
            let publisher = Task {
                for index in 0..<90 {
                    try server.publish("\(index)", to: names[index % 3])
                    if index.isMultiple(of: 5) { await Task.yield() }
                }
            }
            var since = "start"
            var texts: [String: [String]] = [:]
            for _ in 0..<3 {
                let subscriber = try await transport.connect(port: server.port, channels: "a,b,c", since: since)
                for message in try await subscriber.messages(30) {
                    texts[message.channel ?? "none", default: []].append(message.text)
                }
                since = try #require(await subscriber.cursor)
                #expect(since.split(separator: ".").count == 3)
                try await subscriber.cut()
            }
            try await publisher.value
            for (index, name) in names.enumerated() {
                #expect(texts[name] == stride(from: index, to: 90, by: 3).map { "\($0)" })
            }
        }
    }

    @Test("the first id of an event stream resumes before its first message")
    func resumesBeforeFirstMessage() async throws {
        try await withServer { server in
            try server.publish("old")
            let socket = try await RawSocket.connect(port: server.port)
            try await socket.write("GET /channels/news?transport=sse HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = try await socket.readResponseHead()
            let preamble = try await socket.readUntil("\n\n")
            try await socket.reset()
            let line = try #require(preamble.split(separator: "\n").first { $0.hasPrefix("id: ") })
            try server.publish("missed")
            let again = try await TestTransport.eventStream.connect(
                port: server.port,
                headers: ["Last-Event-ID: \(line.dropFirst(4))"]
            )
            #expect(try await again.message().text == "missed")
        }
    }
}
