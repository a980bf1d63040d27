package import ApusCore
package import NIOCore

/// Reads a stream's bytes as they arrive. Pure: no socket, no clock.
package protocol StreamDecoder: Sendable {
    /// Takes the next bytes and gives the events that they complete.
    ///
    /// - Throws: `ClientError` with codes `limitExceeded`, `protocolViolation`; the stream can't be read any further.
    mutating func read(_ bytes: ByteBuffer) throws(ClientError) -> [SubscriptionEvent]
    /// Where the stream stands, where it says so other than by its events.
    var cursor: Cursor? { get }
    /// How long the server wants clients to wait before they come back.
    var retry: Duration? { get }
}

extension StreamDecoder {
    package var cursor: Cursor? { nil }
    package var retry: Duration? { nil }
}
