package import ApusCore
package import NIOCore

/// How a session's bytes leave: a transport. Belongs to one event loop.
package protocol SessionLine: AnyObject {
    /// Sends finished bytes; they are taken in any case. `full` means: send nothing more before `Session.writable()` is called.
    func send(_ bytes: ByteBuffer) -> OutboxState
    /// Ends the connection in the transport's words.
    ///
    /// - Parameter farewell: The last bytes, framed: a push that says why, where the transport has no close codes.
    func close(_ reason: SessionDisconnect, farewell: ByteBuffer)
}
