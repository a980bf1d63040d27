import ApusTestSupport
import ApusWire
import Testing

/// RFC 6455 §9.1.
@Suite struct WebSocketExtensionTests {
    @Test func listsOfExtensionsAreRead() {
        #expect(
            WebSocketExtension.parse(" foo ;a ; b = \"x\\y\"\t,, bar;c=d , ") == [
                WebSocketExtension("foo", [.init("a"), .init("b", "xy")]), WebSocketExtension("bar", [.init("c", "d")]),
            ]
        )
    }

    @Test(arguments: [
        "", " ", ",", ";", "foo;", "foo;;a", "foo;a=", "foo;a==b", "foo;a=\"\"", "foo;a=\"b", "foo;a=\"b\\",
        "foo;a=\"b c\"",
        "foo bar", "foo;a b", "foo;a=\"b\"c", "=a", "foo/bar", "foo;a=b=c", "é", "foo\u{0}", "foo;a=\"b,c\"",
    ])
    func othersAreRefused(header: String) {
        #expect(WebSocketExtension.parse(header) == nil)
    }

    @Test func theLimitsHold() {
        let extensions = Array(repeating: "a", count: WebSocketExtension.maximumCount).joined(separator: ",")
        #expect(WebSocketExtension.parse(extensions)?.count == WebSocketExtension.maximumCount)
        #expect(WebSocketExtension.parse(extensions + ",a") == nil)
        let parameters = "a" + String(repeating: ";b", count: WebSocketExtension.maximumParameters)
        #expect(WebSocketExtension.parse(parameters)?[0].parameters.count == WebSocketExtension.maximumParameters)
        #expect(WebSocketExtension.parse(parameters + ";b") == nil)
        let long = String(repeating: "a", count: WebSocketExtension.maximumHeaderBytes)
        #expect(WebSocketExtension.parse(long) != nil)
        #expect(WebSocketExtension.parse(long + "a") == nil)
    }

    @Test func randomHeadersAreReadOrRefusedAndWhatIsReadReadsTheSameAgain() {
        var generator = SeededGenerator(seed: 91)
        let alphabet = Array("ab;;,= \"\\".unicodeScalars)
        var read = 0
        var differences = 0
        for _ in 0..<20_000 {
            var header = ""
            for _ in 0..<Int.random(in: 0...10, using: &generator) {
                header.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            guard let extensions = WebSocketExtension.parse(header) else { continue }
            read += 1
            let again = WebSocketExtension.parse(extensions.map(\.headerValue).joined(separator: ", "))
            differences += again == extensions ? 0 : 1
        }
        #expect(differences == 0)
        #expect(read > 500)
    }
}
