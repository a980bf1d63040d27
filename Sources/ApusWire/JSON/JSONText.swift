package import NIOCore

/// Writes parts of JSON texts (RFC 8259).
///
/// With `htmlSafe`, the characters `<`, `>`, `&`, U+2028 and U+2029 are written as `\uXXXX`, so that the text can stand in
/// an HTML script element: none of `</script`, `<!--` and `<script` can come about (HTML §4.12.1.3). In valid JSON all
/// five can only stand in strings.
package enum JSONText {
    /// A string literal with its quotes.
    package static func append(_ text: String, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        var text = text
        text.withUTF8 { append(utf8: UnsafeRawBufferPointer($0), htmlSafe: htmlSafe, to: &buffer) }
    }

    /// A string literal with its quotes, of bytes that are valid UTF-8.
    package static func append(utf8 text: ByteBuffer, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        text.withUnsafeReadableBytes { append(utf8: $0, htmlSafe: htmlSafe, to: &buffer) }
    }

    /// A JSON value that is valid already, on one line: CR and LF, which can only stand between tokens, become spaces.
    package static func append(value: ByteBuffer, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        value.withUnsafeReadableBytes { appendValue($0, htmlSafe: htmlSafe, to: &buffer) }
    }

    /// A JSON value that is valid already, on one line.
    package static func append(value: String, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        var value = value
        value.withUTF8 { appendValue(UnsafeRawBufferPointer($0), htmlSafe: htmlSafe, to: &buffer) }
    }

    /// A whole number.
    package static func append(_ number: Int64, to buffer: inout ByteBuffer) {
        if number < 0 { buffer.writeInteger(UInt8(ascii: "-")) }
        append(number.magnitude, to: &buffer)
    }

    /// A whole number.
    package static func append(_ number: UInt64, to buffer: inout ByteBuffer) {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: digits) { bytes in
            var rest = number
            for index in stride(from: digits - 1, through: 0, by: -1) {
                bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return digits
        }
    }

    // MARK: - Runs and escapes

    private static func append(utf8 bytes: UnsafeRawBufferPointer, htmlSafe: Bool, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        var written = 0
        var index = 0
        while true {
            index = endOfPlainASCII(in: bytes, from: index)
            guard index < bytes.count else { break }
            let escaped = lengthToEscape(in: bytes, at: index, htmlSafe: htmlSafe)
            guard escaped > 0 else {
                index += 1
                continue
            }
            buffer.writeBytes(bytes[written..<index])
            appendEscape(of: bytes, at: index, length: escaped, to: &buffer)
            index += escaped
            written = index
        }
        buffer.writeBytes(bytes[written...])
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private static func appendValue(_ bytes: UnsafeRawBufferPointer, htmlSafe: Bool, to buffer: inout ByteBuffer) {
        var written = 0
        var index = 0
        while index < bytes.count {
            let isBreak = bytes[index] == 0x0A || bytes[index] == 0x0D
            let escaped = htmlSafe ? lengthOfMarkup(in: bytes, at: index) : 0
            guard isBreak || escaped > 0 else {
                index += 1
                continue
            }
            buffer.writeBytes(bytes[written..<index])
            if isBreak {
                buffer.writeInteger(UInt8(ascii: " "))
                index += 1
            } else {
                appendEscape(of: bytes, at: index, length: escaped, to: &buffer)
                index += escaped
            }
            written = index
        }
        buffer.writeBytes(bytes[written...])
    }

    /// The first index from here on with a byte that may need a look: a quote, a backslash, a control character, `<`, `>`,
    /// `&`, or a byte outside ASCII. Eight bytes are looked at at a time.
    static func endOfPlainASCII(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while bytes.count - index >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let special =
                (word &- ones &* 0x20) & ~word | zeroes(word ^ ones &* 0x22) | zeroes(word ^ ones &* 0x5C)
                | zeroes(word ^ ones &* 0x3C) | zeroes(word ^ ones &* 0x3E) | zeroes(word ^ ones &* 0x26) | word
            guard special & highs == 0 else { break }
            index += 8
        }
        while index < bytes.count, isPlain(bytes[index]) { index += 1 }
        return index
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Sets the highest bit of a byte that is zero (and perhaps of others above one).
    @inline(__always) private static func zeroes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }

    @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C && byte != 0x3C && byte != 0x3E && byte != 0x26
    }

    /// How many bytes from here are one character that can't stand in a string as it is; 0 if it can.
    private static func lengthToEscape(in bytes: UnsafeRawBufferPointer, at index: Int, htmlSafe: Bool) -> Int {
        switch bytes[index] {
        case 0..<0x20, 0x22, 0x5C: 1
        default: htmlSafe ? lengthOfMarkup(in: bytes, at: index) : 0
        }
    }

    /// How many bytes from here are one of the five characters that `htmlSafe` names; 0 if none.
    private static func lengthOfMarkup(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        switch bytes[index] {
        case 0x3C, 0x3E, 0x26: 1
        // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        case 0xE2 where bytes.count - index >= 3 && bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8: 3
        default: 0
        }
    }

    private static func appendEscape(
        of bytes: UnsafeRawBufferPointer,
        at index: Int,
        length: Int,
        to buffer: inout ByteBuffer
    ) {
        let byte = bytes[index]
        switch byte {
        case 0x22: buffer.writeStaticString("\\\"")
        case 0x5C: buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        case _ where length == 3:
            buffer.writeStaticString("\\u202")
            buffer.writeInteger(bytes[index + 2] == 0xA8 ? UInt8(ascii: "8") : UInt8(ascii: "9"))
        default:
            buffer.writeStaticString("\\u00")
            buffer.writeInteger(hexadecimalDigit(byte >> 4))
            buffer.writeInteger(hexadecimalDigit(byte & 0x0F))
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
