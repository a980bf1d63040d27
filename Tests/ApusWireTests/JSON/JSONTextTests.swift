import ApusTestSupport
import ApusWire
import NIOCore
import Testing

@Suite struct JSONTextTests {
    private func literal(_ text: String, htmlSafe: Bool = false) -> String {
        var buffer = ByteBuffer()
        JSONText.append(text, htmlSafe: htmlSafe, to: &buffer)
        return String(buffer: buffer)
    }

    private func value(_ text: String, htmlSafe: Bool = false) -> String {
        var buffer = ByteBuffer()
        JSONText.append(value: ByteBuffer(string: text), htmlSafe: htmlSafe, to: &buffer)
        return String(buffer: buffer)
    }

    @Test(arguments: [
        ("", #""""#), ("abc", #""abc""#), ("a\"b\\c", #""a\"b\\c""#),
        ("\n\r\t\0\u{1F}\u{8}", #""\n\r\t\u0000\u001f\u0008""#),
        ("é€😀\u{7F}\u{2028}", "\"é€😀\u{7F}\u{2028}\""), ("</script>&", "\"</script>&\""),
        ("0123456789\n0123456789", #""0123456789\n0123456789""#),
    ])
    func stringsAreEscapedWhereTheyMust(text: String, json: String) {
        #expect(literal(text) == json)
    }

    @Test func markupIsEscapedForScripts() {
        #expect(
            literal("</script>&\u{2028}\u{2029}\u{202A}é", htmlSafe: true)
                == #""\u003c/script\u003e\u0026\u2028\u2029"# + "\u{202A}é\""
        )
        #expect(value("[\"<!--\u{2028}\",\r\n1]", htmlSafe: true) == #"["\u003c!--\u2028",  1]"#)
    }

    @Test func valuesComeOnOneLine() {
        #expect(value("{\n\t\"a\":\r\n1}") == "{ \t\"a\":  1}")
        #expect(value("[\"\u{2028}<\"]") == "[\"\u{2028}<\"]")
        #expect(value("") == "")
    }

    @Test func everySpecialByteIsSeenAtEveryPlace() throws {
        for special in ["\"", "\\", "\n", "<", "&", ">", "\u{2028}", "\u{2029}", "\u{1F}", " ", "é"] {
            for before in 0..<18 {
                for htmlSafe in [false, true] {
                    let text =
                        String(repeating: "x", count: before) + special + String(repeating: "y", count: 17 - before)
                    let json = literal(text, htmlSafe: htmlSafe)
                    #expect(try JSONScanner.value(of: ByteBuffer(string: json)).string == text)
                    if htmlSafe {
                        #expect(!json.unicodeScalars.contains { "<>&\u{2028}\u{2029}".unicodeScalars.contains($0) })
                    }
                }
            }
        }
    }

    @Test func anyTextComesBack() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let range: ClosedRange<UInt32> =
                    [0...0x7F, 0x20...0x7E, 0x2020...0x2030, 0x1F600...0x1F610].randomElement(
                        using: &random
                    ) ?? 0...0
                text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? " ")
            }
            let json = literal(text, htmlSafe: Bool.random(using: &random))
            #expect(try JSONScanner.value(of: ByteBuffer(string: json)).string == text)
        }
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 1_732_150_000_123, Int64.max, -1, -10, Int64.min])
    func numbersAreDecimal(number: Int64) {
        var buffer = ByteBuffer()
        JSONText.append(number, to: &buffer)
        #expect(String(buffer: buffer) == String(number))
    }
}
