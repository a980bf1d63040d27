import ApusServer
import ApusTestSupport
import Testing

/// Every transport, over every carrier, by a client that is not ours.
@Suite("curl over every carrier", .enabled(if: Curl.isThere))
struct CurlTests {
    private static let count = 50

    private func withSecureServer(_ body: (Server) async throws -> Void) async throws {
        try await withServer(
            {
                var tls = TLSSettings(.selfSigned(["localhost", "127.0.0.1"]))
                tls.port = 0
                $0.tls = tls
            },
            body
        )
    }

    @Test("a publish and a poll", arguments: Carrier.allCases)
    func publishAndPoll(_ carrier: Carrier) async throws {
        try await withSecureServer { server in
            let url = Curl.arguments(carrier, server, "/channels/news")
            let published = try await Curl.run(url + ["-d", "hello", "-w", "\n%{http_version} %{http_code}\n"])
            #expect(published.contains("\n\(carrier.isHTTP2 ? "2" : "1.1") 201\n"))
            let polled = try await Curl.run(url)
            #expect(polled.contains("\"data\":\"hello\""))
            let head = try await Curl.run(url + ["--head"])
            #expect(head.lowercased().contains("apus-messages: 1"))
        }
    }

    @Test("a long poll is answered by what is published after it", arguments: Carrier.allCases)
    func longPoll(_ carrier: Carrier) async throws {
        try await withSecureServer { server in
            let poll = try Curl.start(
                Curl.arguments(carrier, server, "/channels/news?transport=long-poll&since=now")
            )
            try await server.waitForSubscribers(1)
            try server.publish("at last")
            var text = ""
            for try await line in poll.lines { text += line }
            #expect(text.contains("\"data\":\"at last\""))
        }
    }

    @Test("streams carry every message once and in order", arguments: Carrier.allCases, ["sse", "stream"])
    func streams(_ carrier: Carrier, _ transport: String) async throws {
        try await withSecureServer { server in
            let stream = try Curl.start(
                Curl.arguments(carrier, server, "/channels/news?transport=\(transport)&since=now")
            )
            try await server.waitForSubscribers(1)
            for index in 0..<Self.count { try server.publish("message \(index).") }
            var seen: [Int] = []
            for try await line in stream.lines {
                guard let start = line.firstRange(of: "message ")?.upperBound else { continue }
                if let number = Int(line[start...].prefix { $0 != "." }) { seen.append(number) }
                if seen.count == Self.count { break }
            }
            #expect(seen == Array(0..<Self.count))
            stream.stop()
            try await server.waitForSubscribers(0)
        }
    }

    @Test("a stream ends cleanly when the server stops", arguments: Carrier.allCases)
    func stop(_ carrier: Carrier) async throws {
        try await withSecureServer { server in
            let stream = try Curl.start(
                Curl.arguments(carrier, server, "/channels/news?transport=sse") + ["-w", "exit %{exitcode}"]
            )
            try await server.waitForSubscribers(1)
            await server.stop()
            var last = ""
            for try await line in stream.lines { last = line }
            #expect(last.hasSuffix("exit 0"))
        }
    }

    @Test("a large body is taken whole, and one that is too large is refused", arguments: Carrier.allCases)
    func bodies(_ carrier: Carrier) async throws {
        try await withSecureServer { server in
            let url = Curl.arguments(carrier, server, "/channels/news") + ["-o", "/dev/null", "-w", "%{http_code}"]
            for (bytes, status) in [(1 << 20, "201"), (3 << 20, "413")] {
                let file = try TemporaryFile(Array(repeating: UInt8(ascii: "x"), count: bytes))
                let answer = try await Curl.run(
                    url + ["--data-binary", "@\(file.path)", "-H", "Content-Type: text/plain"]
                )
                #expect(answer == status + "\n")
            }
        }
    }
}
