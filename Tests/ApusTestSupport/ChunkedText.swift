/// The chunked coding of RFC 9112 §7.1, strictly and without chunk extensions, which this server does not send.
package enum ChunkedText {
    /// The first chunk, empty for the last one, with its trailer section; nil while more bytes are needed.
    package static func firstChunk(of bytes: ArraySlice<UInt8>) throws -> (data: [UInt8], consumed: Int)? {
        guard let lineEnd = bytes.firstRange(of: Array("\r\n".utf8)) else { return nil }
        let digits = String(decoding: bytes[..<lineEnd.lowerBound], as: UTF8.self)
        guard !digits.isEmpty, digits.utf8.count <= 8, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
            let count = Int(digits, radix: 16)
        else { throw HTTPResponseText.Malformed(reason: "no chunk size", text: digits) }
        let rest = bytes[lineEnd.upperBound...]
        if count == 0 {
            if rest.starts(with: Array("\r\n".utf8)) { return ([], lineEnd.upperBound + 2 - bytes.startIndex) }
            guard let trailerEnd = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            return ([], trailerEnd.upperBound - bytes.startIndex)
        }
        guard rest.count >= count + 2 else { return nil }
        guard rest.dropFirst(count).starts(with: Array("\r\n".utf8)) else {
            throw HTTPResponseText.Malformed(reason: "a chunk longer than its size", text: digits)
        }
        return (Array(rest.prefix(count)), lineEnd.upperBound + count + 2 - bytes.startIndex)
    }

    /// A whole body, chunk by chunk without the last; nil while more bytes are needed.
    package static func parse(_ bytes: ArraySlice<UInt8>) throws -> (chunks: [[UInt8]], consumed: Int)? {
        var chunks: [[UInt8]] = []
        var rest = bytes
        while let (data, consumed) = try firstChunk(of: rest) {
            rest = rest.dropFirst(consumed)
            if data.isEmpty { return (chunks, rest.startIndex - bytes.startIndex) }
            chunks.append(data)
        }
        return nil
    }
}
