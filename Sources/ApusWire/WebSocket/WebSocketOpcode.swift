/// What a frame is (RFC 6455 §5.2). The values that are missing here are reserved.
package enum WebSocketOpcode: UInt8, Hashable, Sendable, CaseIterable {
    /// A further fragment of the message before.
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may stand between the fragments of a message (RFC 6455 §5.5).
    package var isControl: Bool { rawValue & 0x8 != 0 }

    /// The longest payload of a control frame, in bytes (RFC 6455 §5.5).
    package static let maximumControlBytes = 125
}
