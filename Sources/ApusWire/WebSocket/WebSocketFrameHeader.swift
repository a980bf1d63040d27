package import NIOCore

/// What stands before a frame's payload (RFC 6455 §5.2).
package struct WebSocketFrameHeader: Hashable, Sendable {
    package let opcode: WebSocketOpcode
    /// The last frame of its message.
    package let isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692 §6).
    package let isCompressed: Bool
    package let maskingKey: WebSocketMaskingKey?
    /// Of the payload, in bytes.
    package let length: Int

    package init(
        opcode: WebSocketOpcode,
        isFinal: Bool = true,
        isCompressed: Bool = false,
        maskingKey: WebSocketMaskingKey? = nil,
        length: Int
    ) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.maskingKey = maskingKey
        self.length = length
    }

    /// The longest header, in bytes.
    package static let maximumBytes = 14

    /// How many bytes the header takes itself.
    package var headerBytes: Int {
        (length < 126 ? 2 : length <= Int(UInt16.max) ? 4 : 10) + (maskingKey == nil ? 0 : 4)
    }

    /// Writes the header, with the length in its shortest form.
    package func append(to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.maximumBytes) { write(to: $0) }
    }

    /// Writes the header to a place that has room for `maximumBytes` or at least `headerBytes`.
    ///
    /// - Returns: `headerBytes`.
    @discardableResult
    func write(to bytes: UnsafeMutableRawBufferPointer) -> Int {
        bytes[0] = opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        let maskBit: UInt8 = maskingKey == nil ? 0 : 0x80
        var index = 2
        if length < 126 {
            bytes[1] = maskBit | UInt8(truncatingIfNeeded: length)
        } else if let short = UInt16(exactly: length) {
            bytes[1] = maskBit | 126
            bytes.storeBytes(of: short.bigEndian, toByteOffset: index, as: UInt16.self)
            index += 2
        } else {
            bytes[1] = maskBit | 127
            bytes.storeBytes(of: UInt64(length).bigEndian, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        if let maskingKey {
            bytes.storeBytes(of: maskingKey.rawValue.bigEndian, toByteOffset: index, as: UInt32.self)
            index += 4
        }
        return index
    }
}
