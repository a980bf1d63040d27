package import NIOCore

/// Strict RFC 8259, byte by byte, without building values.
///
/// A lone surrogate in a `\u` escape is grammatical (§8.2) and passes. A byte order mark does not (§8.1).
package struct JSONScanner {
    /// How many arrays and objects may stand inside each other; one bit of `containers` for each.
    package static let maximumDepth = 64

    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Checks that the buffer holds one JSON value with nothing but white space around it.
    package static func validate(_ buffer: ByteBuffer) throws(JSONError) {
        _ = try value(of: buffer)
    }

    // MARK: - Tokens

    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipWhitespace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Takes a byte that must stand here.
    mutating func expect(_ expected: UInt8) throws(JSONError) {
        guard byte == expected else { throw unexpected() }
        position += 1
    }

    /// Takes the byte if it stands here.
    mutating func take(_ candidate: UInt8) -> Bool {
        guard byte == candidate else { return false }
        position += 1
        return true
    }

    func unexpected() -> JSONError {
        byte.map { .unexpectedByte($0, offset: position) } ?? .unexpectedEnd
    }

    /// Nothing but white space may be left.
    mutating func expectEnd() throws(JSONError) {
        skipWhitespace()
        guard byte == nil else { throw unexpected() }
    }

    // MARK: - Values

    /// Passes one value, whatever it holds.
    mutating func skipValue() throws(JSONError) -> JSONValue.Kind {
        // The containers that are open, the innermost in the lowest bit: 1 is an object, 0 an array.
        var containers: UInt64 = 0
        var depth = 0
        var outermost: JSONValue.Kind?
        while true {
            skipWhitespace()
            guard let byte else { throw .unexpectedEnd }
            let kind: JSONValue.Kind
            var closesAtOnce = true
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < Self.maximumDepth else { throw .tooDeep(offset: position) }
                let isObject = byte == UInt8(ascii: "{")
                kind = isObject ? .object : .array
                containers = containers << 1 | (isObject ? 1 : 0)
                depth += 1
                position += 1
                skipWhitespace()
                closesAtOnce = self.byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                if !closesAtOnce, isObject { try skipKey() }
            case UInt8(ascii: "\""):
                kind = .string
                try skipString()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                kind = .number
                try skipNumber()
            case UInt8(ascii: "t"):
                kind = .boolean
                try skipWord("true")
            case UInt8(ascii: "f"):
                kind = .boolean
                try skipWord("false")
            case UInt8(ascii: "n"):
                kind = .null
                try skipWord("null")
            default:
                throw unexpected()
            }
            if outermost == nil { outermost = kind }
            guard closesAtOnce else { continue }
            try closeContainers(&containers, &depth)
            if depth == 0 { return outermost ?? kind }
        }
    }

    /// After a value: passes what ends containers, up to the comma before the next value.
    private mutating func closeContainers(_ containers: inout UInt64, _ depth: inout Int) throws(JSONError) {
        while depth > 0 {
            skipWhitespace()
            let isObject = containers & 1 == 1
            if take(UInt8(ascii: ",")) {
                if isObject { try skipKey() }
                return
            }
            try expect(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            containers >>= 1
            depth -= 1
        }
    }

    /// Passes a member's name and its colon.
    private mutating func skipKey() throws(JSONError) {
        skipWhitespace()
        try skipString()
        skipWhitespace()
        try expect(UInt8(ascii: ":"))
    }

    /// Passes a string with its quotes (RFC 8259 §7).
    mutating func skipString() throws(JSONError) {
        try expect(UInt8(ascii: "\""))
        while true {
            position = JSONText.endOfPlainASCII(in: bytes, from: position)
            guard let byte else { throw .unexpectedEnd }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                try skipEscape()
            case 0..<0x20:
                throw unexpected()
            default:
                guard let length = UTF8Sequence.length(in: bytes, at: position) else {
                    throw .invalidUTF8(offset: position)
                }
                position += length
            }
        }
    }

    private mutating func skipEscape() throws(JSONError) {
        guard let byte else { throw .unexpectedEnd }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard let digit = self.byte, JSONText.hexadecimalValue(of: digit) != nil else { throw unexpected() }
                position += 1
            }
        default:
            throw unexpected()
        }
    }

    /// RFC 8259 §6
    private mutating func skipNumber() throws(JSONError) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try skipDigits() }
        if take(UInt8(ascii: ".")) { try skipDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw unexpected() }
    }

    private mutating func skipWord(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
    }
}
