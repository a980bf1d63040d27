package import ApusCore
package import NIOCore

/// Reads publish objects (`spec/channels.md` §3). Unknown members are refused, so that no typing error is swallowed.
package enum PublishFormParser {
    /// The most messages that one array publishes.
    package static let maximumForms = 100

    /// A body of type `application/vnd.apus.message+json`.
    package enum Body: Hashable, Sendable {
        /// One object: the answer is one object.
        case one(PublishForm)
        /// An array of 1 to 100: the answer is an array.
        case many([PublishForm])
    }

    /// Reads a request's body.
    ///
    /// - Throws: `ApusError` with code `invalidMessage`.
    package static func body(_ bytes: ByteBuffer) throws(ApusError) -> Body {
        let value = try json { () throws(JSONError) in try JSONScanner.value(of: bytes) }
        guard value.kind == .array else { return .one(try form(value, allowed: formMembers)) }
        let elements = try json { () throws(JSONError) in try value.elements(limit: maximumForms) }
        guard !elements.isEmpty else {
            throw ApusError(.invalidMessage, "The array is empty; it needs 1 to \(maximumForms) messages.")
        }
        var forms: [PublishForm] = []
        for (index, element) in elements.enumerated() {
            do throws(ApusError) {
                forms.append(try form(element, allowed: formMembers))
            } catch {
                throw ApusError(
                    error.code,
                    "Message \(index) of the array: \(error.message)",
                    underlying: error.underlying
                )
            }
        }
        return .many(forms)
    }

    /// Reads what came on a WebSocket. An error comes in the result, since its answer has to name the same `ref`.
    package static func envelope(_ bytes: ByteBuffer) -> PublishEnvelope {
        var ref: Int64?
        do throws(ApusError) {
            let value = try json { () throws(JSONError) in try JSONScanner.value(of: bytes) }
            // Read by itself first: what else is wrong with the object is answered under it.
            ref = (try? value.members())?["ref"]?.integer
            let members = try self.members(of: value, allowed: envelopeMembers)
            if let value = members["ref"], value.kind != .null, value.integer == nil {
                throw ApusError(.invalidMessage, "The member 'ref' must be a whole number of at most 64 bits.")
            }
            var channel: ChannelName?
            if let name = try string("channel", in: members) { channel = try ChannelName(name) }
            let content = PublishEnvelope.Content(channel: channel, form: try form(members))
            return PublishEnvelope(ref: ref, content: .success(content))
        } catch {
            return PublishEnvelope(ref: ref, content: .failure(error))
        }
    }

    // MARK: - Objects

    private static let formMembers = ["data", "event", "id", "type", "encoding"]
    private static let envelopeMembers = formMembers + ["channel", "ref"]

    private static func form(_ value: JSONValue, allowed: [String]) throws(ApusError) -> PublishForm {
        try form(members(of: value, allowed: allowed))
    }

    private static func form(_ members: [JSONMember]) throws(ApusError) -> PublishForm {
        guard let value = members["data"] else {
            throw ApusError(.invalidMessage, "The member 'data' is missing; it holds what is published.")
        }
        let type = try string("type", in: members).map { (text) throws(ApusError) in try ContentType(text) } ?? .json
        return PublishForm(
            data: try data(value, type: type, encoding: string("encoding", in: members)),
            contentType: type,
            event: try string("event", in: members),
            id: try string("id", in: members)
        )
    }

    private static func data(_ value: JSONValue, type: ContentType, encoding: String?) throws(ApusError) -> ByteBuffer {
        switch type.kind {
        case .json, .text:
            guard encoding == nil else {
                throw ApusError(
                    .invalidMessage,
                    "The member 'encoding' is only for binary types; \(type) goes without."
                )
            }
            guard type.kind == .text else { return value.raw }
            guard let text = value.utf8 else {
                throw ApusError(.invalidMessage, "The member 'data' must be a string, as the type is \(type).")
            }
            return text
        case .binary:
            guard encoding == "base64" else {
                throw ApusError(.invalidMessage, "The type \(type) is binary and needs \"encoding\":\"base64\".")
            }
            guard let text = value.utf8, let data = Base64.decode(text) else {
                throw ApusError(.invalidMessage, "The member 'data' must be a string of padded base64 (RFC 4648 §4).")
            }
            return data
        }
    }

    // MARK: - Members

    private static func members(of value: JSONValue, allowed: [String]) throws(ApusError) -> [JSONMember] {
        guard value.kind == .object else {
            throw ApusError(
                .invalidMessage,
                "A message is a JSON object with the member 'data', not a value of another kind."
            )
        }
        let members = try json { () throws(JSONError) in try value.members() }
        var seen: Set<String> = []
        for member in members {
            guard allowed.contains(member.key) else {
                throw ApusError(
                    .invalidMessage,
                    "The member '\(printable(member.key))' is unknown; there are \(allowed.joined(separator: ", "))."
                )
            }
            guard seen.insert(member.key).inserted else {
                throw ApusError(.invalidMessage, "The member '\(member.key)' stands there twice.")
            }
        }
        return members
    }

    /// A member's text; nil where it is absent or `null`.
    private static func string(_ name: String, in members: [JSONMember]) throws(ApusError) -> String? {
        guard let value = members[name], value.kind != .null else { return nil }
        guard let string = value.string else {
            throw ApusError(.invalidMessage, "The member '\(name)' must be a string.")
        }
        return string
    }

    /// A foreign name, short and without control characters, for the text of an error.
    private static func printable(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(32).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }
            )
        )
    }

    private static func json<T>(_ body: () throws(JSONError) -> T) throws(ApusError) -> T {
        do throws(JSONError) {
            return try body()
        } catch {
            throw ApusError(
                .invalidMessage,
                "The body is not what a publish object must be: \(error).",
                underlying: error
            )
        }
    }
}
