package import NIOCore

/// Writes frames at the end of a buffer, without anything in between.
package enum WebSocketFrameWriter {
    /// Writes a frame around a payload that is at hand.
    ///
    /// - Parameters:
    ///   - rsv1: the payload is compressed (RFC 7692 §6).
    ///   - mask: the key of a client's frame; nil for a server's.
    package static func append(
        opcode: WebSocketOpcode,
        payload: ByteBuffer,
        isFinal: Bool = true,
        rsv1: Bool = false,
        mask: WebSocketMaskingKey? = nil,
        to buffer: inout ByteBuffer
    ) {
        let header = WebSocketFrameHeader(
            opcode: opcode,
            isFinal: isFinal,
            isCompressed: rsv1,
            maskingKey: mask,
            length: payload.readableBytes
        )
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: header.headerBytes + header.length) { bytes in
            let start = header.write(to: bytes)
            payload.withUnsafeReadableBytes { payload in
                let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + payload.count])
                if let mask {
                    mask.copy(payload, to: place, position: 0)
                } else {
                    place.copyMemory(from: payload)
                }
            }
            return start + header.length
        }
    }

    /// Writes a frame around what the body writes to the same buffer.
    ///
    /// With the right `expectedLength`, or another one whose header is as long, nothing moves; otherwise the payload is
    /// moved once. The body must only write at the end.
    package static func append<Failure>(
        opcode: WebSocketOpcode,
        expectedLength: Int,
        isFinal: Bool = true,
        rsv1: Bool = false,
        mask: WebSocketMaskingKey? = nil,
        to buffer: inout ByteBuffer,
        writing body: (inout ByteBuffer) throws(Failure) -> Void
    ) throws(Failure) {
        func header(_ length: Int) -> WebSocketFrameHeader {
            WebSocketFrameHeader(
                opcode: opcode,
                isFinal: isFinal,
                isCompressed: rsv1,
                maskingKey: mask,
                length: length
            )
        }
        let start = buffer.writerIndex
        let expected = header(expectedLength)
        buffer.reserveCapacity(minimumWritableBytes: expected.headerBytes + expectedLength)
        expected.append(to: &buffer)
        do {
            try body(&buffer)
        } catch {
            buffer.moveWriterIndex(to: start)
            throw error
        }
        let actual = header(buffer.writerIndex - start - expected.headerBytes)
        if actual.headerBytes > expected.headerBytes {
            buffer.writeRepeatingByte(0, count: actual.headerBytes - expected.headerBytes)
        }
        let readable = start - buffer.readerIndex
        buffer.withUnsafeMutableReadableBytes { bytes in
            let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[readable...])
            let to = actual.headerBytes
            if to != expected.headerBytes {
                let payload = frame[expected.headerBytes..<expected.headerBytes + actual.length]
                UnsafeMutableRawBufferPointer(rebasing: frame[to..<to + actual.length])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: payload))
            }
            if actual.length != expectedLength {
                actual.write(to: frame)
            }
            mask?.apply(to: UnsafeMutableRawBufferPointer(rebasing: frame[to..<to + actual.length]), position: 0)
        }
        buffer.moveWriterIndex(to: start + actual.headerBytes + actual.length)
    }
}
