import ApusClient
import Testing

@Suite("Server address")
struct ServerAddressTests {
    @Test(
        "a URL gives host, port and what stands before every path",
        arguments: [
            ("http://127.0.0.1:8000", "127.0.0.1", 8000, "", "127.0.0.1:8000"),
            ("http://example.org", "example.org", 80, "", "example.org"),
            ("HTTP://example.org:/", "example.org", 80, "", "example.org"),
            ("ws://example.org:81/push//", "example.org", 81, "/push", "example.org:81"),
            ("http://[::1]:9000/a/b", "::1", 9000, "/a/b", "[::1]:9000"),
            ("http://[::1]", "::1", 80, "", "[::1]"),
        ]
    )
    func reads(url: String, host: String, port: Int, path: String, authority: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.pathPrefix == path)
        #expect(address.authority == authority)
    }

    @Test(
        "what is no server's URL is refused",
        arguments: [
            "", "example.org", "ftp://example.org", "http://", "http://:80", "http://a:b", "http://a:0",
            "http://a:65536",
            "http://u@a", "http://a?x", "http://a#x", "http://a b", "http://[::1", "http://[::1]x", "http://é",
            "http://a\r\nX: y",
        ]
    )
    func refuses(url: String) {
        let error = #expect(throws: ClientError.self) { try ServerAddress(url) }
        #expect(error?.code == .invalidURL)
    }

    @Test("TLS is named as what is missing", arguments: ["https://example.org", "wss://example.org"])
    func tls(url: String) {
        let error = #expect(throws: ClientError.self) { try ServerAddress(url) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("TLS") == true)
    }
}
