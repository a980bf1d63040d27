package import NIOCore

/// Whoever uses a connection's bytes: a stream's session, or a WebSocket's. Belongs to one event loop.
package protocol ByteConnectionDelegate: AnyObject {
    /// Bytes from the client.
    func received(_ bytes: ByteBuffer)
    /// The connection takes bytes again.
    func writable()
    /// The server stops: end in the transport's own words.
    func serverStops()
    /// The connection is gone; nothing is called after this.
    func closed()
}
