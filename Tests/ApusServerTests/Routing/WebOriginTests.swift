import ApusTestSupport
import Testing

@testable import ApusServer

@Suite struct WebOriginTests {
    @Test func originsAreReadAndCompared() {
        #expect(WebOrigin("http://Example.com") == WebOrigin("HTTP://example.com:80"))
        #expect(WebOrigin("https://example.com.") == WebOrigin("https://example.com:443"))
        #expect(WebOrigin("https://example.com") != WebOrigin("http://example.com"))
        #expect(WebOrigin("http://[0:0::1]:8080") == WebOrigin("http://[::1]:8080"))
        #expect(WebOrigin("http://[::ffff:127.0.0.1]")?.host?.isLoopback == true)
        #expect(WebOrigin("null") == .opaque)
    }

    @Test(arguments: [
        "", "Null", "example.com", "http:/example.com", "http://", "http://:80", "http://a/", "http://a/b",
        "http://a b",
        "http://a,http://b", "http://a http://b", "http://u@a", "http://a:b", "http://a:-1", "http://a:65536",
        "http://a:+80", "http://[::1", "http://::1", "http://[::1]x", "http://[::1%25lo]", "http://[1::2::3]",
        "http://[1:2:3:4:5:6:7]", "http://[1:2:3:4:5:6:7:8:9]", "http://[12345::]", "http://[:1]", "http://[]",
        "http://[1.2.3.4::]", "http://.a", "http://ä", "ftp://a", "chrome-extension://abc", "file://", "http://a?b",
        "http://a\0",
    ])
    func othersAreNone(text: String) {
        #expect(WebOrigin(text) == nil)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "a.localhost", "localhost.", "127.0.0.1", "127.255.1.2", "[::1]", "[0:0:0:0:0:0:0:1]",
    ])
    func loopbackHostsAreKnown(text: String) throws {
        #expect(try #require(HostName(text)).isLoopback)
    }

    @Test(arguments: [
        "localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "128.0.0.1", "0.0.0.0", "[::2]", "[::]",
        "127.1",
        "2130706433",
    ])
    func othersAreNotLoopback(text: String) throws {
        #expect(try !#require(HostName(text)).isLoopback)
    }

    @Test func authoritiesHaveAPortOrNone() {
        #expect(HostAuthority("a:8080")?.port == 8080)
        #expect(HostAuthority("a")?.port == nil)
        #expect(HostAuthority("a:") == HostAuthority("A"))
        #expect(HostAuthority("[::1]:1")?.port == 1)
        #expect(HostAuthority("a:1:2") == nil)
    }

    @Test func anyTextIsReadOrRefused() {
        var generator = SeededGenerator(seed: 4)
        let pieces = ["http://", "[", "]", ":", "::", ".", "1", "127", "ffff", "a", "localhost", "é", "%", "@", "/"]
        var accepted = 0
        for _ in 0..<5_000 {
            var text = generator.next(below: 3) == 0 ? "" : "http://"
            for _ in 0..<generator.next(below: 10) { text += pieces[generator.next(below: pieces.count)] }
            guard case .tuple(let scheme, let host, let port)? = WebOrigin(text) else { continue }
            accepted += 1
            #expect(WebOrigin("\(scheme.rawValue)://\(host):\(port)") == .tuple(scheme: scheme, host: host, port: port))
        }
        #expect(accepted > 100)
    }
}
