import ApusCore
package import NIOCore

/// Reads what `MessageForm` writes. Members that it doesn't know are passed over (`spec/channels.md` §2).
package enum MessageFormParser {
    /// One message or gap.
    package static func item(_ object: ByteBuffer) throws(MessageFormError) -> ReceivedItem {
        let members = try self.members(of: object)
        let cursor = try required(string("cursor", in: members), "cursor")
        if let gap = members["gap"] { return .gap(try notice(value: gap.raw, cursor: cursor)) }
        let type = try contentType(in: members)
        return .message(
            ReceivedMessage(
                cursor: cursor,
                channel: try channel(in: members),
                event: try string("event", in: members),
                id: try string("id", in: members),
                time: try required(integer("time", in: members), "time"),
                contentType: type,
                data: try data(in: members, type: type),
                from: try members["from"].map { (value) throws(MessageFormError) in try publisher(value) }
            )
        )
    }

    /// The items of a batch, as polling gets it.
    ///
    /// - Parameter limit: The most items.
    package static func items(_ array: ByteBuffer, limit: Int) throws(MessageFormError) -> [ReceivedItem] {
        let elements: [JSONValue]
        do throws(JSONError) {
            elements = try JSONScanner.elements(of: array, limit: limit)
        } catch {
            throw .json(error)
        }
        return try elements.map { (element) throws(MessageFormError) in try item(element.raw) }
    }

    /// A gap whose cursor came by other means than its value, as in SSE and multipart.
    package static func notice(value: ByteBuffer, cursor: String) throws(MessageFormError) -> GapNotice {
        let members = try self.members(of: value)
        let name = try required(string("reason", in: members), "reason")
        guard let reason = Gap.Reason(rawValue: name) else { throw .invalid("reason") }
        var missed: UInt64?
        if let number = try integer("missed", in: members) {
            guard number >= 0 else { throw .invalid("missed") }
            missed = UInt64(number)
        }
        return GapNotice(gap: Gap(reason: reason, missed: missed), cursor: cursor, channel: try channel(in: members))
    }

    // MARK: - Members

    private static func members(of object: ByteBuffer) throws(MessageFormError) -> [JSONMember] {
        do throws(JSONError) {
            return try JSONScanner.members(of: object)
        } catch {
            throw .json(error)
        }
    }

    private static func required<T>(_ value: T?, _ name: String) throws(MessageFormError) -> T {
        guard let value else { throw .missing(name) }
        return value
    }

    private static func string(_ name: String, in members: [JSONMember]) throws(MessageFormError) -> String? {
        guard let value = members[name] else { return nil }
        guard let string = value.string else { throw .invalid(name) }
        return string
    }

    private static func integer(_ name: String, in members: [JSONMember]) throws(MessageFormError) -> Int64? {
        guard let value = members[name] else { return nil }
        guard let integer = value.integer else { throw .invalid(name) }
        return integer
    }

    private static func channel(in members: [JSONMember]) throws(MessageFormError) -> ChannelName? {
        guard let name = try string("channel", in: members) else { return nil }
        do throws(ApusError) {
            return try ChannelName(name)
        } catch {
            throw .invalid("channel")
        }
    }

    private static func contentType(in members: [JSONMember]) throws(MessageFormError) -> ContentType {
        guard let type = try string("type", in: members) else { return .json }
        do throws(ApusError) {
            return try ContentType(type)
        } catch {
            throw .invalid("type")
        }
    }

    private static func data(in members: [JSONMember], type: ContentType) throws(MessageFormError) -> ByteBuffer {
        let value = try required(members["data"], "data")
        switch type.kind {
        case .json: return value.raw
        case .text: return try required(value.utf8, "data")
        case .binary:
            guard try string("encoding", in: members) == "base64" else { throw .invalid("encoding") }
            guard let text = value.utf8, let data = Base64.decode(text) else { throw .invalid("data") }
            return data
        }
    }

    private static func publisher(_ value: JSONValue) throws(MessageFormError) -> ClientInfo {
        let members = try self.members(of: value.raw)
        return ClientInfo(
            client: try string("client", in: members),
            user: try string("user", in: members),
            info: members["info"].map { String(buffer: $0.raw) }
        )
    }
}
