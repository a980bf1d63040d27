import ApusCore
package import NIOCore

/// Reads what a server says in JSON: on a WebSocket with the envelope, and in the answers to requests.
package enum EnvelopeItemParser {
    /// One message of a WebSocket.
    package static func item(_ object: ByteBuffer) throws(MessageFormError) -> EnvelopeItem {
        let members = try self.members(of: object)
        if let hello = members["hello"] {
            let inner = try self.members(of: hello.raw)
            return .hello(
                channels: try channels(inner["channels"]),
                heartbeatSeconds: try integer("heartbeat", in: inner),
                cursor: try string("cursor", in: members)
            )
        }
        if let published = members["published"] {
            guard let ref = members["ref"]?.integer else { throw .invalid("ref") }
            return .published(try answer(published.raw), ref: ref)
        }
        if let error = members["error"] { return .refused(try refusal(error.raw), ref: members["ref"]?.integer) }
        guard members["cursor"] != nil else { return .unknown }
        return .item(try MessageFormParser.item(object))
    }

    /// The answer to a publish request.
    package static func answer(_ object: ByteBuffer) throws(MessageFormError) -> PublishAnswer {
        let members = try self.members(of: object)
        guard let position = Position(try string("cursor", in: members)) else { throw .invalid("cursor") }
        return PublishAnswer(
            position: position,
            subscribers: try integer("subscribers", in: members),
            isDuplicate: members["duplicate"]?.boolean ?? false
        )
    }

    /// A problem document, or the `error` of an envelope, which has the same members.
    package static func refusal(_ object: ByteBuffer) throws(MessageFormError) -> EnvelopeItem.Refusal {
        let members = try self.members(of: object)
        return EnvelopeItem.Refusal(
            code: try string("code", in: members),
            status: try integer("status", in: members),
            title: try string("title", in: members),
            detail: members["detail"]?.string ?? ""
        )
    }

    // MARK: - Members

    private static func members(of object: ByteBuffer) throws(MessageFormError) -> [JSONMember] {
        do throws(JSONError) {
            return try JSONScanner.members(of: object)
        } catch {
            throw .json(error)
        }
    }

    private static func string(_ name: String, in members: [JSONMember]) throws(MessageFormError) -> String {
        guard let value = members[name] else { throw .missing(name) }
        guard let string = value.string else { throw .invalid(name) }
        return string
    }

    /// A number that is not negative.
    private static func integer(_ name: String, in members: [JSONMember]) throws(MessageFormError) -> Int {
        guard let value = members[name] else { throw .missing(name) }
        guard let integer = value.integer.flatMap({ Int(exactly: $0) }), integer >= 0 else { throw .invalid(name) }
        return integer
    }

    private static func channels(_ value: JSONValue?) throws(MessageFormError) -> [ChannelName] {
        guard let value else { throw .missing("channels") }
        guard let elements = try? value.elements(limit: Cursor.maximumPositions) else { throw .invalid("channels") }
        let names = elements.compactMap { $0.string.flatMap { try? ChannelName($0) } }
        guard names.count == elements.count else { throw .invalid("channels") }
        return names
    }
}
