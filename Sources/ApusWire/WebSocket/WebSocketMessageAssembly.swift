import NIOCore

/// Puts the fragments of a message together (RFC 6455 §5.4), and inflates it when it is whole (RFC 7692 §6.2).
///
/// Text is checked as it arrives, so that bad text fails at its first wrong byte (RFC 6455 §8.1). Compressed text is
/// checked when it is inflated: only whole messages are, so that connections can share an inflater.
struct WebSocketMessageAssembly {
    /// Which part of a message comes next.
    private enum State {
        /// The first frame of one. → `text`, `binary`
        case idle
        case text(isCompressed: Bool, UTF8Validator)
        case binary(isCompressed: Bool)
    }

    /// The longest message, in bytes.
    private let limit: Int
    /// The peer's compressed messages refer to those before (context takeover).
    private let keepsWindow: Bool
    private var state = State.idle
    private var message = ByteBuffer()
    /// With the window of earlier messages; only where the peer keeps its context.
    private var ownInflater: Inflater?

    init(limit: Int, keepsWindow: Bool) {
        self.limit = limit
        self.keepsWindow = keepsWindow
    }

    var bufferedBytes: Int { message.readableBytes }

    /// The header of a data frame.
    mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketViolation) {
        switch (state, header.opcode) {
        case (.idle, .text): state = .text(isCompressed: header.isCompressed, UTF8Validator())
        case (.idle, .binary): state = .binary(isCompressed: header.isCompressed)
        case (.text, .continuation), (.binary, .continuation): break
        case (.idle, _): throw .continuationWithoutMessage
        case (.text, _), (.binary, _): throw .messageWithinMessage
        }
        // What was read is within the limit: no overflow.
        guard header.length <= limit - message.readableBytes else { throw .messageTooLarge(limit: limit) }
    }

    /// Takes what is there of the frame's payload.
    ///
    /// - Returns: whether it is whole.
    mutating func readPayload(from decoder: inout WebSocketFrameDecoder) throws(WebSocketViolation) -> Bool {
        let before = message.readableBytes
        let isWhole = decoder.readPayload(into: &message)
        guard case .text(isCompressed: false, var validator) = state else { return isWhole }
        let couldGoOn = message.withUnsafeReadableBytes { bytes in
            validator.consume(UnsafeRawBufferPointer(rebasing: bytes[before...]))
        }
        guard couldGoOn else { throw .textNotUTF8 }
        state = .text(isCompressed: false, validator)
        return isWhole
    }

    /// The last frame of the message is whole.
    mutating func finish(
        inflater: () throws(DeflateFailure) -> Inflater
    ) throws(WebSocketViolation) -> WebSocketConnectionMachine.Action? {
        let state = state
        let payload = message
        discard()
        switch state {
        case .idle:
            return nil
        case .text(isCompressed: false, let validator):
            guard validator.isComplete else { throw .textNotUTF8 }
            return .text(payload)
        case .text(isCompressed: true, var validator):
            let text = try inflate(payload, inflater: inflater)
            let isValid = text.withUnsafeReadableBytes { validator.consume($0) } && validator.isComplete
            guard isValid else { throw .textNotUTF8 }
            return .text(text)
        case .binary(isCompressed: false):
            return .binary(payload)
        case .binary(isCompressed: true):
            return .binary(try inflate(payload, inflater: inflater))
        }
    }

    /// Forgets the message that is not whole.
    mutating func discard() {
        state = .idle
        message = ByteBuffer()
    }

    private mutating func inflate(
        _ payload: ByteBuffer,
        inflater: () throws(DeflateFailure) -> Inflater
    ) throws(WebSocketViolation) -> ByteBuffer {
        var inflated = ByteBuffer()
        do throws(DeflateFailure) {
            if keepsWindow {
                let own = if let ownInflater { ownInflater } else { try Inflater() }
                ownInflater = own
                try own.inflate(payload, limit: limit, keepsWindow: true, to: &inflated)
            } else {
                try inflater().inflate(payload, limit: limit, to: &inflated)
            }
        } catch {
            switch error {
            case .malformed: throw .malformedDeflate
            case .tooLarge: throw .messageTooLarge(limit: limit)
            case .outOfMemory: throw .outOfMemory
            }
        }
        return inflated
    }
}
