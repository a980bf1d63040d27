package import NIOCore

/// What lies around the pieces of a body whose length is not known beforehand.
package enum BodyCoding: Hashable, Sendable {
    /// HTTP/1.1's chunked transfer coding (RFC 9112 §7.1).
    case chunked
    /// Nothing: HTTP/2, whose frames say their length, and HTTP/1.0, where the connection's end ends the body.
    case identity

    /// Appends a piece that `write` makes in place, without a copy: the chunk's size is filled in afterwards.
    ///
    /// Nothing is appended if `write` writes nothing, since a chunk of size 0 would end the body.
    package func append(to buffer: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        switch self {
        case .identity: write(&buffer)
        case .chunked:
            let start = buffer.writerIndex
            buffer.writeStaticString("00000000\r\n")
            let contents = buffer.writerIndex
            write(&buffer)
            let length = buffer.writerIndex - contents
            guard length > 0 else {
                buffer.moveWriterIndex(to: start)
                return
            }
            // RFC 9112 §7.1 allows leading zeros; eight digits hold every length that a ByteBuffer can have.
            var rest = length
            for index in stride(from: start + 7, through: start, by: -1) {
                buffer.setInteger(Self.digit(rest & 0xF), at: index)
                rest >>= 4
            }
            buffer.writeStaticString("\r\n")
        }
    }

    /// Appends a piece that is there already.
    package func append(_ piece: ByteBuffer, to buffer: inout ByteBuffer) {
        append(to: &buffer) { _ = $0.writeImmutableBuffer(piece) }
    }

    /// Appends what ends the body.
    package func appendEnd(to buffer: inout ByteBuffer) {
        switch self {
        case .chunked: buffer.writeStaticString("0\r\n\r\n")
        case .identity: break
        }
    }

    private static func digit(_ value: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
