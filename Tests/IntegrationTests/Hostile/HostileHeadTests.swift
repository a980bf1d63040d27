import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import Testing

/// Heads that are no HTTP, or two requests in disguise (RFC 9112 §11.2).
@Suite("Hostile: heads")
struct HostileHeadTests {
    /// Bytes on the wire, in which `$HOST` stands for a right `Host` field; and the statuses that may answer them.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var statuses: Set<Int> = [400]

        /// Whether the request's end is beyond doubt, so that the connection may go on.
        var isWellFramed = false

        var testDescription: String { name }

        init(_ name: String, _ text: String, _ statuses: Set<Int> = [400], isWellFramed: Bool = false) {
            self.isWellFramed = isWellFramed
            self.name = name
            self.text = text
            self.statuses = statuses
        }

        /// A publish with these framing fields and body bytes; what follows must never be taken for a request.
        static func smuggle(_ name: String, _ fields: String, _ body: String = "5\r\nhello\r\n0\r\n\r\n") -> Case {
            Case(name, "POST /channels/smuggled HTTP/1.1\r\n$HOST\r\n\(fields)\r\n\r\n\(body)")
        }
    }

    static let smuggling: [Case] = [
        .smuggle("Content-Length and Transfer-Encoding", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        .smuggle("Transfer-Encoding and Content-Length", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        .smuggle("two lengths", "Content-Length: 5\r\nContent-Length: 6", "hello!"),
        .smuggle("the same length twice", "Content-Length: 5\r\nContent-Length: 5", "hello"),
        .smuggle("a list of lengths", "Content-Length: 5, 5", "hello"),
        .smuggle("a length with a plus", "Content-Length: +5", "hello"),
        .smuggle("a negative length", "Content-Length: -5", "hello"),
        .smuggle("a length with a space", "Content-Length: 5 5", "hello"),
        .smuggle("a hexadecimal length", "Content-Length: 0x5", "hello"),
        .smuggle("an empty length", "Content-Length:", "hello"),
        .smuggle("a length beyond 64 bits", "Content-Length: 18446744073709551621", "hello"),
        .smuggle("a fractional length", "Content-Length: 5.0", "hello"),
        .smuggle("xchunked", "Transfer-Encoding: xchunked"),
        .smuggle("identity", "Transfer-Encoding: identity"),
        .smuggle("chunked, identity", "Transfer-Encoding: chunked, identity"),
        .smuggle("gzip, chunked", "Transfer-Encoding: gzip, chunked"),
        .smuggle("chunked, chunked", "Transfer-Encoding: chunked, chunked"),
        .smuggle("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        .smuggle("chunked, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        .smuggle("chunked with a vertical tab", "Transfer-Encoding: \u{0B}chunked"),
        .smuggle("chunked in quotes", "Transfer-Encoding: \"chunked\""),
        .smuggle("space before the colon", "Transfer-Encoding : chunked"),
        .smuggle("space before the length's colon", "Content-Length : 5", "hello"),
        .smuggle("an obsolete fold", "X-One: 1\r\n two\r\nContent-Length: 5", "hello"),
        .smuggle("a folded coding", "Transfer-Encoding:\r\n chunked"),
        .smuggle("a line that begins with a space", " X: 1\r\nContent-Length: 5", "hello"),
        .smuggle("a field without a colon", "Nonsense\r\nContent-Length: 5", "hello"),
        .smuggle("a field without a name", ": x\r\nContent-Length: 5", "hello"),
        .smuggle("a NUL in a value", "X: a\0b\r\nContent-Length: 5", "hello"),
        .smuggle("a NUL in a name", "X\0: a\r\nContent-Length: 5", "hello"),
        .smuggle("a bare CR in a value", "X: a\rb\r\nContent-Length: 5", "hello"),
        .smuggle("a bare LF between fields", "X: a\nContent-Length: 5", "hello"),
        Case(
            "HTTP/1.0 with a coding",
            "POST /channels/smuggled HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        .smuggle("no chunk size", "Transfer-Encoding: chunked", "\r\nhello\r\n0\r\n\r\n"),
        .smuggle("a chunk size that is none", "Transfer-Encoding: chunked", "xyz\r\nhello\r\n0\r\n\r\n"),
        .smuggle("a negative chunk size", "Transfer-Encoding: chunked", "-5\r\nhello\r\n0\r\n\r\n"),
        .smuggle("a chunk size with 0x", "Transfer-Encoding: chunked", "0x5\r\nhello\r\n0\r\n\r\n"),
        .smuggle(
            "a chunk size beyond 64 bits",
            "Transfer-Encoding: chunked",
            "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"
        ),
        .smuggle("a chunk longer than its size", "Transfer-Encoding: chunked", "3\r\nhello\r\n0\r\n\r\n"),
        .smuggle("a bare LF after a chunk size", "Transfer-Encoding: chunked", "5\nhello\r\n0\r\n\r\n"),
    ]

    static let heads: [Case] = [
        Case("no Host", "GET /channels/a HTTP/1.1\r\n\r\n"),
        Case("two Hosts", "GET /channels/a HTTP/1.1\r\n$HOST\r\n$HOST\r\n\r\n"),
        Case("an empty Host", "GET /channels/a HTTP/1.1\r\nHost:\r\n\r\n", [400, 403]),
        Case("a Host that is none", "GET /channels/a HTTP/1.1\r\nHost: a b\r\n\r\n", [400, 403]),
        Case("a Host with a user", "GET /channels/a HTTP/1.1\r\nHost: me@localhost\r\n\r\n", [400, 403]),
        Case("a Host with a path", "GET /channels/a HTTP/1.1\r\nHost: localhost/x\r\n\r\n", [400, 403]),
        Case("a foreign Host", "GET /channels/a HTTP/1.1\r\nHost: evil.example\r\n\r\n", [403]),
        Case(
            "a Host that looks like loopback",
            "GET /channels/a HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n",
            [403]
        ),
        Case("a foreign authority", "GET http://evil.example/channels/a HTTP/1.1\r\n$HOST\r\n\r\n", [400, 403]),
        Case("HTTP/0.9", "GET /channels/a\r\n\r\n"),
        Case("HTTP/3.0", "GET /channels/a HTTP/3.0\r\n$HOST\r\n\r\n", [400, 505]),
        Case("HTTP/1.", "GET /channels/a HTTP/1.\r\n$HOST\r\n\r\n"),
        Case("another protocol", "SSH-2.0-OpenSSH_9.2p1\r\n"),
        Case("TLS", "\u{16}\u{3}\u{1}\0\u{5}\u{1}\0\0\u{1}\u{3}\u{3}\r\n\r\n"),
        Case("a bare LF after the request line", "GET /channels/a HTTP/1.1\n$HOST\r\n\r\n"),
        Case("only bare LFs", "GET /channels/a HTTP/1.1\n$HOST\n\n"),
        Case("a method that is none", "G@T /channels/a HTTP/1.1\r\n$HOST\r\n\r\n", [400, 405]),
        Case("a method in small letters", "get /channels/a HTTP/1.1\r\n$HOST\r\n\r\n", [400, 405]),
        Case("no target", "GET  HTTP/1.1\r\n$HOST\r\n\r\n"),
        Case("a target with a space", "GET /channels/a b HTTP/1.1\r\n$HOST\r\n\r\n"),
        Case("a target with a NUL", "GET /channels/a\0b HTTP/1.1\r\n$HOST\r\n\r\n"),
        Case("a target without a slash", "GET channels/a HTTP/1.1\r\n$HOST\r\n\r\n", [400, 404]),
        Case(
            "a target of another scheme",
            "GET ftp://localhost/ HTTP/1.1\r\n$HOST\r\n\r\n",
            [400, 403, 404],
            isWellFramed: true
        ),
        Case("CONNECT", "CONNECT localhost:22 HTTP/1.1\r\n$HOST\r\n\r\n", [400, 404, 405]),
        Case("GET *", "GET * HTTP/1.1\r\n$HOST\r\n\r\n", [400, 405]),
        Case("a fragment", "GET /channels/a#b HTTP/1.1\r\n$HOST\r\n\r\n", [400, 404], isWellFramed: true),
    ]

    @Test("is refused, and the connection closed", arguments: smuggling + heads)
    func refuses(_ hostile: Case) async throws {
        let server = try await SharedServer.get()
        let text = hostile.text.replacing("$HOST", with: "Host: 127.0.0.1:\(server.port)")
        // A request that hides behind the first one: it must not be seen.
        let behind = "GET /wire/head HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n"
        let exchange = try await RawExchange.send(text + behind, to: server)
        #expect(exchange.isClosed)
        let first = try #require(exchange.responses.first)
        #expect(hostile.statuses.contains(first.status), "\(first.status) \(first.text)")
        if first.status == 400, !hostile.isWellFramed {
            #expect(exchange.responses.count == 1)
            #expect(first["Connection"] == "close")
        }
        let log = try server.hub.status(of: ChannelName("smuggled"))
        #expect(log.position.offset == 0)
    }

    @Test("a head beyond the limit is 431, whichever part of it is too large")
    func tooLarge() async throws {
        let server = try await SharedServer.get()
        let host = "Host: 127.0.0.1:\(server.port)\r\n"
        let heads = [
            "GET /channels/\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n\(host)\r\n",
            "GET /channels/a HTTP/1.1\r\n\(host)X: \(String(repeating: "a", count: 20_000))\r\n\r\n",
            "GET /channels/a HTTP/1.1\r\n\(host)\(String(repeating: "x", count: 20_000)): a\r\n\r\n",
            "GET /channels/a HTTP/1.1\r\n\(host)\(String(repeating: "X: \(String(repeating: "a", count: 500))\r\n", count: 40))\r\n",
            "GET /channels/a HTTP/1.1\r\n\(host)\(String(repeating: "X: a\r\n", count: 200))\r\n",
        ]
        for (number, head) in heads.enumerated() {
            let exchange = try await RawExchange.send(head, to: server)
            #expect(exchange.responses.map(\.status) == [431], "head \(number)")
            #expect(exchange.isClosed)
        }
        try await server.expectAlive()
    }

    @Test("an absolute target counts before Host (RFC 9112 §3.2.2)")
    func absoluteForm() async throws {
        let server = try await SharedServer.get()
        let target = "http://127.0.0.1:\(server.port)/channels/absolute"
        let same = try await RawExchange.send(
            "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n",
            to: server
        )
        #expect(same.responses.map(\.status) == [200])
    }

    @Test("an HTTP/1.0 request needs no Host, and its connection ends")
    func http10() async throws {
        let server = try await SharedServer.get()
        let exchange = try await RawExchange.send("GET /channels/old HTTP/1.0\r\n\r\n", to: server)
        #expect(exchange.responses.map(\.status) == [200])
        #expect(exchange.isClosed)
    }
}
