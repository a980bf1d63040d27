package import NIOCore

/// Takes a peer's bytes apart into frames: each header, then its payload, in as many pieces as it arrives in.
///
/// It holds no payload: `readPayload(into:)` unmasks the bytes on their way to the message that the caller assembles. So
/// each byte is copied once, a frame that is too large is refused from its header on, and an idle connection keeps
/// nothing but, at most, the beginning of a header.
package struct WebSocketFrameDecoder {
    /// What comes next in the stream.
    private enum State {
        /// A header. → `payload`
        case header
        /// The rest of a payload, which may be none. → `header`
        case payload(WebSocketFrameHeader, read: Int)
        /// The peer broke the protocol: what follows has no meaning. No exits.
        case failed(WebSocketViolation)
        /// Nobody wants to know what follows. No exits.
        case discarding
    }

    private let peerMasks: Bool
    private let allowsCompression: Bool
    private let limit: Int
    private var state = State.header
    private var input = ByteBuffer()

    /// - Parameters:
    ///   - limit: the longest payload, in bytes.
    ///   - allowsCompression: permessage-deflate was agreed on, so RSV1 has a meaning.
    package init(role: WebSocketRole, limit: Int, allowsCompression: Bool) {
        peerMasks = role.peerMasks
        self.limit = limit
        self.allowsCompression = allowsCompression
    }

    /// Takes bytes from the peer, which are consumed by the functions below.
    package mutating func append(_ bytes: ByteBuffer) {
        switch state {
        case .header, .payload: break
        case .failed, .discarding: return
        }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeImmutableBuffer(bytes)
        }
    }

    /// Forgets what has not been consumed, and whatever still comes.
    package mutating func discard() {
        state = .discarding
        input = ByteBuffer()
    }

    /// Bytes that are held until more arrive.
    package var bufferedBytes: Int { input.readableBytes }

    /// The next frame's header, or nil until it is whole. The frame's payload has to be read first.
    package mutating func nextHeader() throws(WebSocketViolation) -> WebSocketFrameHeader? {
        switch state {
        case .header: break
        case .payload, .discarding: return nil
        case .failed(let violation): throw violation
        }
        do {
            guard let header = try parseHeader() else {
                releaseInput()
                return nil
            }
            input.moveReaderIndex(forwardBy: header.headerBytes)
            state = .payload(header, read: 0)
            return header
        } catch {
            state = .failed(error)
            input = ByteBuffer()
            throw error
        }
    }

    /// Moves what is there of the frame's payload to the end of a buffer.
    ///
    /// - Returns: whether the payload is whole.
    package mutating func readPayload(into buffer: inout ByteBuffer) -> Bool {
        guard case .payload(let header, let read) = state else { return false }
        let count = min(header.length - read, input.readableBytes)
        if count > 0 {
            input.withUnsafeReadableBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                // Grows with what came, not with what the header promises.
                _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { place in
                    if let key = header.maskingKey {
                        key.copy(part, to: place, position: read)
                    } else {
                        place.copyMemory(from: part)
                    }
                    return count
                }
            }
        }
        return consume(count, of: header, read: read)
    }

    /// Drops what is there of the frame's payload.
    ///
    /// - Returns: whether the payload is whole.
    package mutating func skipPayload() -> Bool {
        guard case .payload(let header, let read) = state else { return false }
        return consume(min(header.length - read, input.readableBytes), of: header, read: read)
    }

    private mutating func consume(_ count: Int, of header: WebSocketFrameHeader, read: Int) -> Bool {
        input.moveReaderIndex(forwardBy: count)
        if input.readableBytes == 0 { input = ByteBuffer() }
        let isWhole = read + count == header.length
        state = isWhole ? .header : .payload(header, read: read + count)
        return isWhole
    }

    private func parseHeader() throws(WebSocketViolation) -> WebSocketFrameHeader? {
        let parsed = input.withUnsafeReadableBytes { bytes -> Result<WebSocketFrameHeader?, WebSocketViolation> in
            do throws(WebSocketViolation) {
                return .success(try parseHeader(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try parsed.get()
    }

    private func parseHeader(_ bytes: UnsafeRawBufferPointer) throws(WebSocketViolation) -> WebSocketFrameHeader? {
        guard bytes.count >= 1 else { return nil }
        let first = bytes[0]
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else { throw .reservedOpcode(first & 0x0F) }
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        guard first & 0x30 == 0 else { throw .reservedBits }
        if isCompressed {
            // Only on the first frame of a data message (RFC 7692 §6.1).
            guard allowsCompression, opcode == .text || opcode == .binary else { throw .reservedBits }
        }
        guard isFinal || !opcode.isControl else { throw .fragmentedControlFrame }

        guard bytes.count >= 2 else { return nil }
        let isMasked = bytes[1] & 0x80 != 0
        guard isMasked == peerMasks else { throw isMasked ? .masked : .notMasked }
        let short = bytes[1] & 0x7F
        guard short <= WebSocketOpcode.maximumControlBytes || !opcode.isControl else { throw .longControlFrame }
        let length: UInt64
        var index = 2
        switch short {
        case 126:
            guard bytes.count >= 4 else { return nil }
            length = UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            guard length >= 126 else { throw .malformedLength }
            index = 4
        case 127:
            guard bytes.count >= 10 else { return nil }
            length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard length > UInt16.max, length <= UInt64(Int64.max) else { throw .malformedLength }
            index = 10
        default:
            length = UInt64(short)
        }
        guard let length = Int(exactly: length), length <= limit || opcode.isControl else {
            throw .frameTooLarge(limit: limit)
        }
        var maskingKey: WebSocketMaskingKey?
        if isMasked {
            guard bytes.count >= index + 4 else { return nil }
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
            maskingKey = WebSocketMaskingKey(rawValue: UInt32(bigEndian: word))
        }
        return WebSocketFrameHeader(
            opcode: opcode,
            isFinal: isFinal,
            isCompressed: isCompressed,
            maskingKey: maskingKey,
            length: length
        )
    }

    /// Lets go of the memory that came from the socket; the beginning of a header moves to memory of its own.
    private mutating func releaseInput() {
        if input.readableBytes == 0 {
            input = ByteBuffer()
        } else if input.readableBytes < WebSocketFrameHeader.maximumBytes, input.storageCapacity > 64 {
            input = ByteBuffer(bytes: input.readableBytesView)
        }
    }
}
