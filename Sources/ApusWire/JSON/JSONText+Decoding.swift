import NIOCore

/// Reads string tokens that `JSONScanner` has passed.
extension JSONText {
    /// The text of a token, quotes included; lone surrogates become U+FFFD.
    static func string(ofToken token: ByteBuffer) -> String {
        String(buffer: utf8(ofToken: token))
    }

    /// The text of a token as UTF-8. Without escapes it shares the token's storage.
    static func utf8(ofToken token: ByteBuffer) -> ByteBuffer {
        guard token.readableBytes >= 2,
            let body = token.getSlice(at: token.readerIndex + 1, length: token.readableBytes - 2)
        else { return ByteBuffer() }
        return body.withUnsafeReadableBytes { bytes in
            guard var index = bytes.firstIndex(of: UInt8(ascii: "\\")) else { return body }
            var text = ByteBuffer()
            text.reserveCapacity(bytes.count)
            var written = 0
            while index < bytes.count {
                guard bytes[index] == UInt8(ascii: "\\") else {
                    index += 1
                    continue
                }
                text.writeBytes(bytes[written..<index])
                index += appendUnescaped(bytes, at: index, to: &text)
                written = index
            }
            text.writeBytes(bytes[min(written, bytes.count)...])
            return text
        }
    }

    /// The value of a hexadecimal digit; nil for other bytes.
    static func hexadecimalValue(of byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Writes the character of the escape at this index and answers the escape's length, a surrogate pair's whole.
    private static func appendUnescaped(
        _ bytes: UnsafeRawBufferPointer,
        at index: Int,
        to text: inout ByteBuffer
    ) -> Int {
        guard index + 1 < bytes.count else { return bytes.count - index }
        switch bytes[index + 1] {
        case UInt8(ascii: "b"): text.writeInteger(UInt8(0x08))
        case UInt8(ascii: "f"): text.writeInteger(UInt8(0x0C))
        case UInt8(ascii: "n"): text.writeInteger(UInt8(0x0A))
        case UInt8(ascii: "r"): text.writeInteger(UInt8(0x0D))
        case UInt8(ascii: "t"): text.writeInteger(UInt8(0x09))
        case UInt8(ascii: "u"):
            guard let first = codeUnit(in: bytes, at: index) else { return bytes.count - index }
            if UTF16.isLeadSurrogate(first), let second = codeUnit(in: bytes, at: index + 6),
                UTF16.isTrailSurrogate(second)
            {
                append(UTF16.decode(UTF16.EncodedScalar([first, second])), to: &text)
                return 12
            }
            // A lone surrogate is no scalar, so this gives U+FFFD for it.
            append(Unicode.Scalar(first) ?? "\u{FFFD}", to: &text)
            return 6
        case let byte: text.writeInteger(byte)
        }
        return 2
    }

    /// The number in a `\uXXXX` escape; nil if none stands here.
    private static func codeUnit(in bytes: UnsafeRawBufferPointer, at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt16 = 0
        for digit in bytes[(index + 2)..<(index + 6)] {
            guard let digit = hexadecimalValue(of: digit) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout ByteBuffer) {
        text.writeBytes(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
