/// How much a peer may send at once.
package struct WebSocketLimits: Hashable, Sendable {
    /// The longest payload of one frame, in bytes.
    package let frameBytes: Int
    /// The longest message, in bytes: over all its fragments, and again after inflating.
    package let messageBytes: Int

    /// Both up to 1 GiB, which is about what a `ByteBuffer` can grow to hold.
    package init(frameBytes: Int = 1 << 20, messageBytes: Int = 1 << 20) {
        precondition((0...1 << 30).contains(frameBytes) && (0...1 << 30).contains(messageBytes))
        self.frameBytes = frameBytes
        self.messageBytes = messageBytes
    }
}
