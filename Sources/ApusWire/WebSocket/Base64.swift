package import NIOCore

/// Base 64 (RFC 4648 §4): the standard alphabet, padded, without line breaks.
package enum Base64 {
    /// How many characters this many bytes become.
    package static func encodedLength(_ count: Int) -> Int {
        (count + 2) / 3 * 4
    }

    /// Writes the text form of some bytes at the end of a buffer.
    package static func append(_ bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        let length = encodedLength(bytes.count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { output in
            encode(bytes, to: output)
            return length
        }
    }

    /// Writes the text form of a buffer's readable bytes at the end of another.
    package static func append(_ bytes: ByteBuffer, to buffer: inout ByteBuffer) {
        bytes.withUnsafeReadableBytes { append($0, to: &buffer) }
    }

    /// Writes the text form of a view's bytes at the end of a buffer.
    package static func append(_ bytes: ByteBufferView, to buffer: inout ByteBuffer) {
        bytes.withUnsafeBytes { append($0, to: &buffer) }
    }

    /// The text form as a string, for values of headers.
    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text = ByteBuffer()
        append(ByteBuffer(bytes: bytes), to: &text)
        return String(buffer: text)
    }

    /// The bytes that a text form stands for, or nil if it is none.
    ///
    /// Strict: padding is required, white space and other alphabets are refused, and so are bits that no byte needs
    /// (RFC 4648 §3.5), so that every value has exactly one text.
    package static func decode(_ text: UnsafeRawBufferPointer) -> ByteBuffer? {
        guard text.count % 4 == 0 else { return nil }
        guard let last = text.last else { return ByteBuffer() }
        let isPadding = UInt8(ascii: "=")
        let padding = last != isPadding ? 0 : text[text.count - 2] != isPadding ? 1 : 2
        let length = text.count / 4 * 3 - padding
        var output = ByteBuffer()
        var isValid = false
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
            isValid = decode(text, padding: padding, to: bytes)
            return isValid ? length : 0
        }
        return isValid ? output : nil
    }

    /// The bytes that a buffer's text stands for, or nil if it is none.
    package static func decode(_ text: ByteBuffer) -> ByteBuffer? {
        text.withUnsafeReadableBytes { decode($0) }
    }

    /// The bytes that a string stands for, or nil if it is none.
    package static func decode(_ text: String) -> ByteBuffer? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    /// The caller has made room for `encodedLength(input.count)` bytes.
    private static func encode(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
        let alphabet = Self.alphabet.utf8Start
        var from = 0
        var to = 0
        pairs.withUnsafeBufferPointer { pairs in
            while from + 3 <= input.count {
                let bits = Int(input[from]) << 16 | Int(input[from + 1]) << 8 | Int(input[from + 2])
                output.storeBytes(of: pairs[bits >> 12], toByteOffset: to, as: UInt16.self)
                output.storeBytes(of: pairs[bits & 0xFFF], toByteOffset: to + 2, as: UInt16.self)
                from += 3
                to += 4
            }
        }
        guard from < input.count else { return }
        let hasTwo = from + 1 < input.count
        let bits = Int(input[from]) << 16 | (hasTwo ? Int(input[from + 1]) << 8 : 0)
        output[to] = alphabet[bits >> 18]
        output[to + 1] = alphabet[bits >> 12 & 63]
        output[to + 2] = hasTwo ? alphabet[bits >> 6 & 63] : UInt8(ascii: "=")
        output[to + 3] = UInt8(ascii: "=")
    }

    /// The caller has made room for what `input.count` characters less the padding become.
    private static func decode(
        _ input: UnsafeRawBufferPointer,
        padding: Int,
        to output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        values.withUnsafeBufferPointer { values in
            // A character of no value gives 0xFF, and its upper bits stay set in `all`.
            var all: UInt8 = 0
            let whole = input.count - (padding > 0 ? 4 : 0)
            var from = 0
            var to = 0
            while from < whole {
                let (a, b) = (values[Int(input[from])], values[Int(input[from + 1])])
                let (c, d) = (values[Int(input[from + 2])], values[Int(input[from + 3])])
                all |= a | b | c | d
                output[to] = a << 2 | b >> 4
                output[to + 1] = b << 4 | c >> 2
                output[to + 2] = c << 6 | d
                from += 4
                to += 3
            }
            if padding > 0 {
                let (a, b) = (values[Int(input[from])], values[Int(input[from + 1])])
                let c = padding == 1 ? values[Int(input[from + 2])] : 0
                all |= a | b | c
                output[to] = a << 2 | b >> 4
                if padding == 1 { output[to + 1] = b << 4 | c >> 2 }
                let unused = padding == 1 ? c & 0b11 : b & 0b1111
                guard unused == 0 else { return false }
            }
            return all & 0b1100_0000 == 0
        }
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// The two characters for each 12 bits, as they lie in memory.
    private static let pairs: [UInt16] = (0..<4096).map { bits in
        let alphabet = Self.alphabet.utf8Start
        return (UInt16(alphabet[bits >> 6]) << 8 | UInt16(alphabet[bits & 63])).bigEndian
    }

    /// The six bits of each character, 0xFF for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        alphabet.withUTF8Buffer { characters in
            for (value, character) in characters.enumerated() {
                values[Int(character)] = UInt8(value)
            }
        }
        return values
    }()
}
