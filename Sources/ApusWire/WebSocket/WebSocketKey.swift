import NIOCore

/// `Sec-WebSocket-Key` and the answer to it (RFC 6455 §1.3).
package enum WebSocketKey {
    /// How long a key is before it is coded in base 64.
    package static let bytes = 16

    /// What a server answers to a key.
    package static func accept(for key: String) -> String {
        Base64.string(SHA1.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8).readableBytesView)
    }
}
