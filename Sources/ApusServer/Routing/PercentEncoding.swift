/// Percent-encoding for header values (RFC 3986 §2.1), which hold no more than ASCII that can be relied on (RFC 9110 §5.5).
enum PercentEncoding {
    /// Encodes what is not visible ASCII, and the percent sign itself.
    static func encodeHeader(_ text: String) -> String {
        guard text.utf8.contains(where: { !isPlain($0) }) else { return text }
        var encoded = ""
        for byte in text.utf8 {
            if isPlain(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "%")
    }
}
