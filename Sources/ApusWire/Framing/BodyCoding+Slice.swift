package import NIOCore

extension BodyCoding {
    /// The room for a chunk's size line before its contents: eight digits and CRLF.
    private static let sizeLineBytes = 10

    /// A piece in a buffer of its own, made in place by `write`, with as few bytes around it as the coding allows.
    ///
    /// The chunk's size stands right before the contents, in the end of the room kept for it; what is left of that room is never
    /// read. The slice is empty if `write` writes nothing.
    package func slice(sizeHint: Int, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBuffer()
        switch self {
        case .identity:
            buffer.reserveCapacity(sizeHint)
            write(&buffer)
        case .chunked:
            buffer.reserveCapacity(sizeHint + Self.sizeLineBytes + 2)
            buffer.writeRepeatingByte(0, count: Self.sizeLineBytes)
            write(&buffer)
            var length = buffer.writerIndex - Self.sizeLineBytes
            guard length > 0 else { return ByteBuffer() }
            var index = Self.sizeLineBytes - 2
            _ = buffer.setStaticString("\r\n", at: index)
            while length > 0 {
                index -= 1
                buffer.setInteger(Self.digit(length & 0xF), at: index)
                length >>= 4
            }
            buffer.moveReaderIndex(to: index)
            buffer.writeStaticString("\r\n")
        }
        return buffer
    }
}
