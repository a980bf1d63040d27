/// Reads the comma-separated lists of the handshake's headers (RFC 9110 §5.6.1): empty elements are allowed, optional
/// white space may stand around everything.
struct HeaderListParser {
    private let bytes: [UInt8]
    private var index = 0

    /// The caller bounds the text's length.
    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The tokens of a list, or nil if anything else stands there.
    static func tokens(_ text: String) -> [String]? {
        var parser = HeaderListParser(text)
        var tokens: [String] = []
        while parser.skipToElement() {
            guard let token = parser.token(), parser.endsElement() else { return nil }
            tokens.append(token)
        }
        return tokens
    }

    /// Goes to the next element; false at the end.
    mutating func skipToElement() -> Bool {
        repeat { skipWhiteSpace() } while advance(over: UInt8(ascii: ","))
        return index < bytes.count
    }

    /// Whether the element ends here, with a comma or the end of the text.
    mutating func endsElement() -> Bool {
        skipWhiteSpace()
        return index == bytes.count || bytes[index] == UInt8(ascii: ",")
    }

    /// A separator with white space around it.
    mutating func skip(_ separator: UInt8) -> Bool {
        skipWhiteSpace()
        guard advance(over: separator) else { return false }
        skipWhiteSpace()
        return true
    }

    /// A token (RFC 9110 §5.6.2).
    mutating func token() -> String? {
        let start = index
        while index < bytes.count, Self.isTokenByte(bytes[index]) {
            index += 1
        }
        return start == index ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// A token, or a quoted string that is a token once it is unquoted (RFC 6455 §9.1).
    mutating func tokenOrQuotedToken() -> String? {
        guard advance(over: UInt8(ascii: "\"")) else { return token() }
        var value: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") { index += 1 }
            guard index < bytes.count, Self.isTokenByte(bytes[index]) else { return nil }
            value.append(bytes[index])
            index += 1
        }
        guard advance(over: UInt8(ascii: "\"")), !value.isEmpty else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func skipWhiteSpace() {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") {
            index += 1
        }
    }

    private mutating func advance(over byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
