/// What the peer did wrong: the connection fails with a close frame that says so (RFC 6455 §7.1.7).
package enum WebSocketViolation: Error, Hashable, Sendable {
    /// A client's frame without a mask (RFC 6455 §5.1).
    case notMasked
    /// A server's frame with a mask (RFC 6455 §5.1).
    case masked
    /// A reserved bit that no extension has given a meaning (RFC 6455 §5.2).
    case reservedBits
    /// An opcode that nobody has defined (RFC 6455 §5.2).
    case reservedOpcode(UInt8)
    /// A length that is not in its shortest form, or has its highest bit set (RFC 6455 §5.2).
    case malformedLength
    /// A control frame in fragments (RFC 6455 §5.5).
    case fragmentedControlFrame
    /// A control frame of more than 125 bytes (RFC 6455 §5.5).
    case longControlFrame
    /// A frame above `WebSocketLimits.frameBytes`.
    case frameTooLarge(limit: Int)
    /// A message above `WebSocketLimits.messageBytes`, as sent or as inflated.
    case messageTooLarge(limit: Int)
    /// A continuation without a message that it could continue (RFC 6455 §5.4).
    case continuationWithoutMessage
    /// A new message before the one before has ended (RFC 6455 §5.4).
    case messageWithinMessage
    /// A text that isn't UTF-8 (RFC 6455 §8.1).
    case textNotUTF8
    /// A close frame with half a code (RFC 6455 §5.5.1).
    case shortClosePayload
    /// A close code that must not be sent (RFC 6455 §7.4).
    case closeCode(UInt16)
    /// A reason that isn't UTF-8 (RFC 6455 §5.5.1).
    case closeReasonNotUTF8
    /// A compressed message that can't be inflated (RFC 7692 §7.2.2).
    case malformedDeflate
    /// Not the peer's fault: there was no memory to inflate a message.
    case outOfMemory

    /// What the close frame says to a program.
    package var closeCode: WebSocketCloseCode {
        switch self {
        case .notMasked, .masked, .reservedBits, .reservedOpcode, .malformedLength, .fragmentedControlFrame,
            .longControlFrame, .continuationWithoutMessage, .messageWithinMessage, .shortClosePayload, .closeCode:
            .protocolError
        case .textNotUTF8, .closeReasonNotUTF8, .malformedDeflate:
            .invalidPayload
        case .frameTooLarge, .messageTooLarge:
            .messageTooBig
        case .outOfMemory:
            .internalError
        }
    }

    /// What the close frame says to a person; at most 123 bytes.
    package var reason: String {
        switch self {
        case .notMasked: "a client's frames must be masked"
        case .masked: "a server's frames must not be masked"
        case .reservedBits: "a reserved bit is set"
        case .reservedOpcode(let opcode): "opcode \(opcode) is reserved"
        case .malformedLength: "the length is not in its shortest form"
        case .fragmentedControlFrame: "a control frame must not be fragmented"
        case .longControlFrame: "a control frame has at most 125 bytes"
        case .frameTooLarge(let limit): "a frame has at most \(limit) bytes"
        case .messageTooLarge(let limit): "a message has at most \(limit) bytes"
        case .continuationWithoutMessage: "there is no message to continue"
        case .messageWithinMessage: "the message before has not ended"
        case .textNotUTF8: "the text is not UTF-8"
        case .shortClosePayload: "a close code has two bytes"
        case .closeCode(let code): "close code \(code) must not be sent"
        case .closeReasonNotUTF8: "the reason is not UTF-8"
        case .outOfMemory: "out of memory"
        case .malformedDeflate: "the message cannot be inflated"
        }
    }
}
