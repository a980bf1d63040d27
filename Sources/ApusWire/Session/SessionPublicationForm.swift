package import ApusCore
package import NIOCore

/// A publication as sessions see it (`spec/session.md` §4).
package enum SessionPublicationForm {
    /// One object.
    package static func append(_ publication: Publication, to buffer: inout ByteBuffer) {
        let message = publication.message
        buffer.writeStaticString("{\"data\":")
        appendData(of: message, to: &buffer)
        if let publisher = message.publisher, publisher != ClientInfo() {
            buffer.writeStaticString(",\"info\":")
            append(publisher, to: &buffer)
        }
        buffer.writeStaticString(",\"offset\":")
        JSONText.append(publication.offset, to: &buffer)
        appendTags(of: message, to: &buffer)
        buffer.writeStaticString(",\"time\":")
        JSONText.append(publication.time, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// Who a client is.
    package static func append(_ info: ClientInfo, to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        if let user = info.user {
            members.name("user", in: &buffer)
            JSONText.append(user, to: &buffer)
        }
        if let client = info.client {
            members.name("client", in: &buffer)
            JSONText.append(client, to: &buffer)
        }
        if let value = info.info {
            members.name("conn_info", in: &buffer)
            JSONText.append(value: value, to: &buffer)
        }
        if let value = info.channelInfo {
            members.name("chan_info", in: &buffer)
            JSONText.append(value: value, to: &buffer)
        }
        members.end(in: &buffer)
    }

    /// Bytes can't stand in JSON; an object says what they are.
    private static func appendData(of message: Message, to buffer: inout ByteBuffer) {
        switch message.contentType.kind {
        case .json: JSONText.append(value: message.data, to: &buffer)
        case .text: JSONText.append(utf8: message.data, to: &buffer)
        case .binary:
            buffer.writeStaticString("{\"type\":")
            JSONText.append(message.contentType.rawValue, to: &buffer)
            buffer.writeStaticString(",\"encoding\":\"base64\",\"data\":\"")
            Base64.append(message.data, to: &buffer)
            buffer.writeStaticString("\"}")
        }
    }

    private static func appendTags(of message: Message, to buffer: inout ByteBuffer) {
        let tags = tags(of: message)
        guard !tags.isEmpty else { return }
        buffer.writeStaticString(",\"tags\":")
        var members = JSONMembers(in: &buffer)
        for (name, value) in tags {
            members.name(name, in: &buffer)
            JSONText.append(value, to: &buffer)
        }
        members.end(in: &buffer)
    }

    /// What a plain publisher said of its message, and the protocol has no member for.
    static func tags(of message: Message) -> [(name: String, value: String)] {
        var tags: [(name: String, value: String)] = []
        if let event = message.event { tags.append(("event", event)) }
        if let id = message.id { tags.append(("id", id)) }
        if message.contentType != .json, message.contentType != .text {
            tags.append(("type", message.contentType.rawValue))
        }
        return tags
    }
}
