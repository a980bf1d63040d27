/// Percent-decoding as RFC 3986 §2.1 has it, and strict: what is not `%` and two hexadecimal digits is refused rather
/// than passed on, so that no two parts of the server can read one request in two ways.
enum PercentDecoding {
    /// Decodes a path segment; nil for a bad escape or for bytes that are not UTF-8.
    static func decode(_ text: Substring) -> String? {
        decode(text, plusIsSpace: false)
    }

    /// Decodes a name or a value of a query as browsers write forms, where `+` is a space (URL Standard §5.1).
    static func decodeForm(_ text: Substring) -> String? {
        decode(text, plusIsSpace: true)
    }

    private static func decode(_ text: Substring, plusIsSpace: Bool) -> String? {
        // Most names and values are plain ASCII, which is itself.
        let isPlain = text.utf8.allSatisfy {
            $0 < 0x80 && $0 != UInt8(ascii: "%") && !(plusIsSpace && $0 == UInt8(ascii: "+"))
        }
        if isPlain { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
