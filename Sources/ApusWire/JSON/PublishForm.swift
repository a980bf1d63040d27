package import ApusCore
package import NIOCore

/// A message as its publisher described it in JSON, its parts checked (`spec/channels.md` §3).
package struct PublishForm: Hashable, Sendable {
    package let data: ByteBuffer
    package let contentType: ContentType
    package let event: String?
    package let id: String?

    package init(data: ByteBuffer, contentType: ContentType, event: String? = nil, id: String? = nil) {
        self.data = data
        self.contentType = contentType
        self.event = event
        self.id = id
    }

    /// The message, said to be this publisher's.
    ///
    /// - Throws: `ApusError` with code `invalidMessage`, for an event name or id that is not allowed.
    package func message(publisher: ClientInfo?) throws(ApusError) -> Message {
        try Message(data: data, contentType: contentType, event: event, id: id, publisher: publisher)
    }
}
