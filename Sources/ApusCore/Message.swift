public import NIOCore

/// What a publisher hands in: bytes with a type, and what it wants to say about them.
public struct Message: Hashable, Sendable {
    /// The longest event name, in bytes.
    public static let maximumEventLength = 64
    /// The longest id, in bytes.
    public static let maximumIDLength = 128
    /// The event name that the server uses itself, for lost history.
    public static let gapEvent = "gap"

    /// The bytes.
    public let data: ByteBuffer
    /// What the bytes are.
    public let contentType: ContentType
    /// The event's name, for subscribers that tell events apart.
    public let event: String?
    /// The publisher's own id: a second message with it is not published again.
    public let id: String?
    /// Who published it.
    public let publisher: ClientInfo?

    /// Makes a message.
    ///
    /// The data is not looked at here: whoever takes it from outside checks that JSON is JSON and text is UTF-8.
    ///
    /// - Throws: `ApusError` with code `invalidMessage` for an event name or an id that `spec/channels.md` §2 does not allow.
    public init(
        data: ByteBuffer,
        contentType: ContentType,
        event: String? = nil,
        id: String? = nil,
        publisher: ClientInfo? = nil
    ) throws(ApusError) {
        if let event { try Self.checkEvent(event) }
        if let id { try Self.checkID(id) }
        self.data = data
        self.contentType = contentType
        self.event = event
        self.id = id
        self.publisher = publisher
    }

    /// A message of plain text.
    ///
    /// - Throws: `ApusError` with code `invalidMessage` for an event name or an id that is not allowed.
    public init(text: String, event: String? = nil, id: String? = nil) throws(ApusError) {
        try self.init(data: ByteBuffer(string: text), contentType: .text, event: event, id: id)
    }

    /// A message of JSON that is there as text; whether it is valid is checked when it is published.
    ///
    /// - Throws: `ApusError` with code `invalidMessage` for an event name or an id that is not allowed.
    public init(json: String, event: String? = nil, id: String? = nil) throws(ApusError) {
        try self.init(data: ByteBuffer(string: json), contentType: .json, event: event, id: id)
    }

    /// The same message with its data elsewhere in memory.
    package func replacingData(_ data: ByteBuffer) -> Message {
        Message(data: data, checked: self)
    }

    private init(data: ByteBuffer, checked message: Message) {
        self.data = data
        contentType = message.contentType
        event = message.event
        id = message.id
        publisher = message.publisher
    }

    /// A line break in an event name would let its publisher write other fields of an SSE stream (HTML §9.2.6).
    private static func checkEvent(_ event: String) throws(ApusError) {
        guard (1...maximumEventLength).contains(event.utf8.count) else {
            throw ApusError(
                .invalidMessage,
                "An event name has \(event.utf8.count) bytes; 1 to \(maximumEventLength) are allowed."
            )
        }
        guard event.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
            throw ApusError(.invalidMessage, "An event name holds a control character, such as a line break.")
        }
        guard event != gapEvent else {
            throw ApusError(.invalidMessage, "The event name 'gap' is the server's own, for lost history; use another.")
        }
    }

    private static func checkID(_ id: String) throws(ApusError) {
        guard (1...maximumIDLength).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ApusError(.invalidMessage, "A message's id needs 1 to \(maximumIDLength) visible ASCII characters.")
        }
    }
}
