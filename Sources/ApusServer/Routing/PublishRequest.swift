package import ApusCore
package import HTTPTypes

/// What the head of a `POST` says of the message in its body (`spec/channels.md` §3).
package enum PublishRequest: Hashable, Sendable {
    /// The media type of a body that holds messages in a form of their own.
    package static let envelopeType = "application/vnd.apus.message+json"

    /// The body is the data. Without a content type, what it is depends on its bytes.
    case raw(contentType: ContentType?, event: String?, id: String?)
    /// The body is a publish form or an array of them; what the head gives counts where a single form leaves it out,
    /// and is refused with an array.
    case envelope(event: String?, id: String?)

    /// Reads a request's head.
    ///
    /// The query counts before the headers. Event names outside ASCII can only be given in the query or in a form: what
    /// a header's further bytes mean is nowhere said (RFC 9110 §5.5). Lengths and characters are `Message`'s to check.
    ///
    /// - Throws: `ApusError` with code `invalidMessage` or `invalidParameter`.
    package init(_ request: HTTPRequest, query: Query) throws(ApusError) {
        let headerEvent = try Self.event(request.headerFields[.apusEvent])
        let headerID = try Self.id(request.headerFields[.idempotencyKey])
        let event = try query.value(.event) ?? headerEvent
        let id = try query.value(.id) ?? headerID
        guard let text = request.headerFields[.contentType], !text.isEmpty else {
            self = .raw(contentType: nil, event: event, id: id)
            return
        }
        let contentType = try ContentType(text)
        switch contentType.essence {
        case Self.envelopeType: self = .envelope(event: event, id: id)
        // curl's default for `-d` says nothing about the data.
        case "application/x-www-form-urlencoded": self = .raw(contentType: nil, event: event, id: id)
        default: self = .raw(contentType: contentType, event: event, id: id)
        }
    }

    private static func event(_ text: String?) throws(ApusError) -> String? {
        guard let text else { return nil }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw ApusError(.invalidMessage, "Apus-Event is ASCII; give other event names as ?event=, percent-encoded.")
        }
        return text
    }

    /// A string of structured fields, `"k-1"`, or the bare characters (RFC 9651 §3.3.3).
    private static func id(_ text: String?) throws(ApusError) -> String? {
        guard let text, text.first == "\"" else { return text }
        var id = ""
        var escaped = false
        var rest = text.dropFirst().unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\" where !escaped: escaped = true
            case "\"" where !escaped:
                guard rest.isEmpty else { throw invalidID(text) }
                return id
            case _ where escaped && scalar != "\\" && scalar != "\"": throw invalidID(text)
            default:
                escaped = false
                id.unicodeScalars.append(scalar)
            }
        }
        throw invalidID(text)
    }

    private static func invalidID(_ text: String) -> ApusError {
        ApusError(.invalidMessage, "Idempotency-Key \(text.prefix(64)) is no string; write it in one pair of quotes.")
    }
}
