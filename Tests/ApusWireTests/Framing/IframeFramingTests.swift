import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct IframeFramingTests {
    private let framing = IframeFraming()

    @Test func thePreambleIsADocumentOfItsOwn() {
        let text = String(buffer: framing.preamble())
        #expect(text.utf8.count == IframeFraming.preambleBytes)
        #expect(text.hasPrefix("<!DOCTYPE html>\n<html"))
        #expect(text.contains("<meta name=\"referrer\" content=\"no-referrer\">"))
        #expect(text.hasSuffix(" -->\n"))
        #expect(!text.contains("<script"))
    }

    @Test func messagesAreCalls() throws {
        #expect(
            String(buffer: framing.bytes(try Sample.json("1")))
                == "<script>parent.onmessage({\"cursor\":\"k3f9zq-12\",\"time\":1732150000123,\"data\":1})</script>\n"
        )
        let named = IframeFraming(callback: try CallbackName("app.$on_1"))
        #expect(
            String(buffer: named.bytes(try Sample.gap(.epoch)))
                == "<script>parent.app.$on_1({\"gap\":{\"reason\":\"epoch\"},\"cursor\":\"k3f9zq-100\"})</script>\n"
        )
        #expect(String(buffer: framing.heartbeat()) == "<!---->\n")
    }

    @Test func noDataLeavesItsScript() throws {
        let start = "<script>parent.onmessage(", end = ")</script>\n"
        for delivery in try Sample.all {
            let text = String(buffer: framing.bytes(delivery))
            #expect(text.hasPrefix(start) && text.hasSuffix(end))
            let form = text.dropFirst(start.count).dropLast(end.count)
            #expect(!form.unicodeScalars.contains { "<>&\u{2028}\u{2029}\n\r".unicodeScalars.contains($0) })
            try JSONScanner.validate(ByteBuffer(substring: form))
        }
        let text = try Sample.text("</script><script>alert(1)//&amp;", event: "<!--<script>", channel: "</script>")
        let item = String(buffer: framing.bytes(text)).dropFirst(start.count).dropLast(end.count)
        #expect(try MessageFormParser.item(ByteBuffer(substring: item)) == Sample.received(text))
    }

    @Test(arguments: [#"{"__proto__":1,"__proto__":{}}"#, #"{"\u005f_proto__":"</script>"}"#])
    func prototypesAreParsedAsJSON(json: String) throws {
        let start = "<script>parent.onmessage(JSON.parse("
        let end = "))</script>\n"
        let delivery = try Sample.json(json)
        let text = String(buffer: framing.bytes(delivery))
        #expect(text.hasPrefix(start) && text.hasSuffix(end))
        let literal = text.dropFirst(start.count).dropLast(end.count)
        #expect(!literal.contains("<"))
        let form = try #require(try JSONScanner.value(of: ByteBuffer(substring: literal)).utf8)
        #expect(try MessageFormParser.item(form) == Sample.received(delivery))
    }

    @Test func prototypesOfPublishersAreParsedAsJSON() throws {
        let publisher = ClientInfo(info: #"{"__proto__":1}"#)
        let delivery = try Sample.delivery(ByteBuffer(string: "__proto__"), .text, publisher: publisher)
        #expect(String(buffer: framing.bytes(delivery)).hasPrefix("<script>parent.onmessage(JSON.parse(\"{"))
        #expect(String(buffer: framing.bytes(try Sample.text("__proto__"))).hasPrefix("<script>parent.onmessage({"))
    }

    @Test(arguments: ["onmessage", "a", "_", "$", "a1.b_2.$c", String(repeating: "x", count: 64)])
    func callbacksAreNames(name: String) throws {
        #expect(try CallbackName(name).rawValue == name)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "1a", "a.1", "a b", "a(", "alert(1)//", "a;b", "a[0]", "é", "a\n", "a\u{2028}",
        "</script>",
        String(repeating: "x", count: 65),
    ])
    func nothingElseIsACallback(name: String) {
        let error = #expect(throws: ApusError.self) { try CallbackName(name) }
        #expect(error?.code == .invalidParameter)
    }
}
