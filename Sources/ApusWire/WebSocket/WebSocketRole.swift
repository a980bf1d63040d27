/// Which end of the connection we are: clients mask what they send, servers don't (RFC 6455 §5.1).
package enum WebSocketRole: Sendable {
    case server
    /// Each frame takes a new key, which the peer of a script must not be able to guess (RFC 6455 §10.3): so from a
    /// strong source of random numbers.
    case client(maskingKey: @Sendable () -> WebSocketMaskingKey)

    /// The key for the next frame that we send.
    package func nextMaskingKey() -> WebSocketMaskingKey? {
        switch self {
        case .server: nil
        case .client(let maskingKey): maskingKey()
        }
    }

    /// Whether the frames that we receive have to be masked.
    package var peerMasks: Bool {
        switch self {
        case .server: true
        case .client: false
        }
    }
}
