package import NIOCore

/// One event of an event stream, as a browser would dispatch it (HTML §9.2.6).
package struct ServerSentEvent: Hashable, Sendable {
    /// The event's name; `message` where the stream gave none.
    package let type: String
    /// Its data: UTF-8, with U+FFFD for what was none.
    package let data: ByteBuffer
    /// The last id that the stream gave, with this event or before it; empty when there was none.
    package let lastEventID: String

    package init(type: String = "message", data: ByteBuffer, lastEventID: String = "") {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }

    /// The data as text.
    package var text: String { String(buffer: data) }
}
