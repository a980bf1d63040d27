package import NIOCore

/// One level of an object or array, its values as raw bytes.
extension JSONScanner {
    /// The one value that the buffer holds.
    package static func value(of buffer: ByteBuffer) throws(JSONError) -> JSONValue {
        try scan(buffer) { (scanner) throws(JSONError) in
            let value = try scanner.value(in: buffer)
            try scanner.expectEnd()
            return value
        }
    }

    /// The members of the object that the buffer holds, in order, names that come twice included.
    ///
    /// - Parameter limit: The most members.
    package static func members(of buffer: ByteBuffer, limit: Int = 64) throws(JSONError) -> [JSONMember] {
        try scan(buffer) { (scanner) throws(JSONError) in
            var members: [JSONMember] = []
            scanner.skipWhitespace()
            guard scanner.byte == UInt8(ascii: "{") else { throw try scanner.mismatch(.object) }
            try scanner.expect(UInt8(ascii: "{"))
            scanner.skipWhitespace()
            if !scanner.take(UInt8(ascii: "}")) {
                repeat {
                    guard members.count < limit else { throw .tooMany(limit: limit) }
                    scanner.skipWhitespace()
                    let start = scanner.position
                    try scanner.skipString()
                    let key = scanner.slice(of: buffer, from: start)
                    scanner.skipWhitespace()
                    try scanner.expect(UInt8(ascii: ":"))
                    let value = try scanner.value(in: buffer)
                    members.append(JSONMember(key: JSONText.string(ofToken: key), value: value))
                    scanner.skipWhitespace()
                } while scanner.take(UInt8(ascii: ","))
                try scanner.expect(UInt8(ascii: "}"))
            }
            try scanner.expectEnd()
            return members
        }
    }

    /// The elements of the array that the buffer holds.
    ///
    /// - Parameter limit: The most elements.
    package static func elements(of buffer: ByteBuffer, limit: Int) throws(JSONError) -> [JSONValue] {
        try scan(buffer) { (scanner) throws(JSONError) in
            var elements: [JSONValue] = []
            scanner.skipWhitespace()
            guard scanner.byte == UInt8(ascii: "[") else { throw try scanner.mismatch(.array) }
            try scanner.expect(UInt8(ascii: "["))
            scanner.skipWhitespace()
            if !scanner.take(UInt8(ascii: "]")) {
                repeat {
                    guard elements.count < limit else { throw .tooMany(limit: limit) }
                    elements.append(try scanner.value(in: buffer))
                    scanner.skipWhitespace()
                } while scanner.take(UInt8(ascii: ","))
                try scanner.expect(UInt8(ascii: "]"))
            }
            try scanner.expectEnd()
            return elements
        }
    }

    /// Passes a value and keeps its bytes, which share the buffer's storage.
    private mutating func value(in buffer: ByteBuffer) throws(JSONError) -> JSONValue {
        skipWhitespace()
        let start = position
        let kind = try skipValue()
        return JSONValue(kind: kind, raw: slice(of: buffer, from: start))
    }

    /// The error for a value of another kind, or of none.
    private mutating func mismatch(_ kind: JSONValue.Kind) throws(JSONError) -> JSONError {
        _ = try skipValue()
        return .expected(kind)
    }

    /// What was passed since `start`. The positions lie within the readable bytes, so the slice always exists.
    private func slice(of buffer: ByteBuffer, from start: Int) -> ByteBuffer {
        buffer.getSlice(at: buffer.readerIndex + start, length: position - start) ?? ByteBuffer()
    }

    private static func scan<T>(
        _ buffer: ByteBuffer,
        _ body: (inout JSONScanner) throws(JSONError) -> T
    ) throws(JSONError) -> T {
        try buffer.withUnsafeReadableBytes { (bytes) throws(JSONError) in
            var scanner = JSONScanner(bytes)
            return try body(&scanner)
        }
    }
}
