package import NIOCore
package import NIOHTTP1

/// What arrives on a connection.
package enum ConnectionPart: Sendable {
    /// An answer begins.
    case head(HTTPResponseHead)
    /// Bytes of an answer, or of a WebSocket.
    case bytes(ByteBuffer)
    /// An answer is complete.
    case end
}
