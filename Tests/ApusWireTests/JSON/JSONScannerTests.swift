import ApusTestSupport
import ApusWire
import NIOCore
import Testing

@Suite struct JSONScannerTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "12", "-1.5e+10", "1E-2", "0.0", "\"\"", "\"a\"", "[]", "{}", " [ ] ",
        "\t{ \"a\" : [ 1 , { } , \"x\" ] }\r\n", #""\"\\\/\b\f\n\r\t\u00e9""#, #""\ud800""#, #""\uDFFF\uD800""#,
        "\"é€😀\u{7F}\u{10FFFF}\"", #"{"":{"":[[[]]]},"":1}"#, "[\"0123456789<>&0123456789\"]",
    ])
    func whatRFC8259AllowsPasses(text: String) throws {
        try JSONScanner.validate(ByteBuffer(string: text))
    }

    @Test(arguments: [
        "", " ", "nul", "nullx", "True", "01", "-", "+1", "1.", ".5", "1e", "1e+", "--1", "0x1", "NaN", "\"", "\"a",
        "'a'",
        "\"\u{1}\"", "\"a\nb\"", "\"\t\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\"#, "[", "]", "[1", "[1,", "[1,]",
        "[,1]",
        "[1 2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}",
        "{,}", "[1}", "{\"a\":1]", "1 2", "[] []", "\u{FEFF}1", "\u{A0}1", "/**/1", "[1]//", "\0", "1\0",
    ])
    func whatItDoesNotAllowIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONScanner.validate(ByteBuffer(string: text)) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]
    )
    func stringsThatAreNoUTF8AreRefused(bytes: [UInt8]) {
        for padding in 0..<10 {
            let text = [0x22] + Array(repeating: 0x61, count: padding) + bytes + [0x22]
            #expect(throws: JSONError.invalidUTF8(offset: 1 + padding)) {
                try JSONScanner.validate(ByteBuffer(bytes: text))
            }
        }
    }

    @Test func depthIsLimited() throws {
        let most = JSONScanner.maximumDepth
        func nested(_ depth: Int) -> ByteBuffer {
            ByteBuffer(
                string: String(repeating: "{\"a\":[", count: depth / 2) + (depth % 2 == 1 ? "[]" : "")
                    + String(repeating: "]}", count: depth / 2)
            )
        }
        try JSONScanner.validate(nested(most))
        #expect(throws: JSONError.self) { try JSONScanner.validate(nested(most + 1)) }
        #expect(throws: JSONError.tooDeep(offset: most)) {
            try JSONScanner.validate(ByteBuffer(string: String(repeating: "[", count: 100_000)))
        }
    }

    @Test func everyBeginningOfAnObjectIsIncomplete() throws {
        let whole = Array(#"{"a":[1,true,"\u00e9é"],"b":{"c":null}}"#.utf8)
        try JSONScanner.validate(ByteBuffer(bytes: whole))
        for end in 0..<whole.count {
            #expect(throws: JSONError.self) { try JSONScanner.validate(ByteBuffer(bytes: whole[..<end])) }
        }
    }

    @Test func membersKeepTheirValuesAsTheyWereWritten() throws {
        var buffer = ByteBuffer(string: #"??  { "a" : { "x" :1 } ,"\u0062":[1, 2],"c":" s","a":null } "#)
        buffer.moveReaderIndex(forwardBy: 2)
        let members = try JSONScanner.members(of: buffer)
        #expect(members.map(\.key) == ["a", "b", "c", "a"])
        #expect(members.map { String(buffer: $0.value.raw) } == [#"{ "x" :1 }"#, "[1, 2]", "\" s\"", "null"])
        #expect(members.map(\.value.kind) == [.object, .array, .string, .null])
        #expect(members["a"]?.kind == .null)
        #expect(members["z"] == nil)
        #expect(try members[0].value.members().first?.value.integer == 1)
        #expect(try JSONScanner.members(of: ByteBuffer(string: "{ }")).isEmpty)
    }

    @Test func elementsKeepTheirValuesAsTheyWereWritten() throws {
        let elements = try JSONScanner.elements(of: ByteBuffer(string: " [ 1 , [ ] ,\"a\" ] "), limit: 3)
        #expect(elements.map { String(buffer: $0.raw) } == ["1", "[ ]", "\"a\""])
        #expect(try JSONScanner.elements(of: ByteBuffer(string: "[]"), limit: 0).isEmpty)
    }

    @Test func partsAreCountedAndOfTheirKind() {
        #expect(throws: JSONError.tooMany(limit: 2)) {
            try JSONScanner.elements(of: ByteBuffer(string: "[1,2,3]"), limit: 2)
        }
        #expect(throws: JSONError.tooMany(limit: 1)) {
            try JSONScanner.members(of: ByteBuffer(string: #"{"a":1,"b":2}"#), limit: 1)
        }
        #expect(throws: JSONError.expected(.object)) { try JSONScanner.members(of: ByteBuffer(string: "[1]")) }
        #expect(throws: JSONError.expected(.array)) { try JSONScanner.elements(of: ByteBuffer(string: "1"), limit: 1) }
        #expect(throws: JSONError.unexpectedEnd) { try JSONScanner.members(of: ByteBuffer()) }
        #expect(throws: JSONError.unexpectedByte(0x78, offset: 2)) {
            try JSONScanner.members(of: ByteBuffer(string: "{}x"))
        }
    }

    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""é\u00E9\u20ac""#, "éé€"),
        (#""\ud83d\ude00!""#, "😀!"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00\ud83d\u0041""#, "\u{FFFD}\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\\u""#, "\u{FFFD}\\u"), (#""a\u0000b""#, "a\0b"),
    ])
    func stringsAreDecoded(token: String, text: String) throws {
        #expect(try JSONScanner.value(of: ByteBuffer(string: token)).string == text)
        #expect(try JSONScanner.value(of: ByteBuffer(string: token)).utf8 == ByteBuffer(string: text))
    }

    @Test func scalarsAreRead() throws {
        func value(_ text: String) throws -> JSONValue { try JSONScanner.value(of: ByteBuffer(string: text)) }
        #expect(try value("-12").integer == -12)
        #expect(try value("9223372036854775807").integer == .max)
        #expect(try value("9223372036854775808").integer == nil)
        #expect(try value("1.0").integer == nil)
        #expect(try value("1e2").integer == nil)
        #expect(try value("\"1\"").integer == nil)
        #expect(try value("true").boolean == true)
        #expect(try value(" false ").boolean == false)
        #expect(try value("null").boolean == nil)
        #expect(try value("null").string == nil)
    }

    @Test func noiseNeverTraps() throws {
        var random = SeededGenerator(seed: 1)
        let alphabet =
            Array(#"{}[]":,\u0123dDfF89eE+-.truefalsn"#.utf8) + [0x00, 0x20, 0x0A, 0xC3, 0xA9, 0xE2, 0x80, 0xA8, 0xFF]
        var passed = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let buffer = ByteBuffer(bytes: bytes)
            guard let value = try? JSONScanner.value(of: buffer) else { continue }
            passed += 1
            _ = value.string
            _ = value.integer
            if value.kind == .object { _ = try value.members() }
            if value.kind == .array { _ = try value.elements(limit: 12) }
        }
        #expect(passed > 100)
    }
}
