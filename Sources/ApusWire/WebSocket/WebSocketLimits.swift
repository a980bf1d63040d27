/// How much a peer may send at once.
package struct WebSocketLimits: Hashable, Sendable {
    /// The longest payload of one frame, in bytes.
    package var frameBytes: Int
    /// The longest message, in bytes: over all its fragments, and again after inflating.
    package var messageBytes: Int

    package init(frameBytes: Int = 1 << 20, messageBytes: Int = 1 << 20) {
        self.frameBytes = frameBytes
        self.messageBytes = messageBytes
    }
}
