package import ApusCore
package import NIOCore

/// What a session is told without having asked (`spec/session.md` §4).
package enum SessionPush: Sendable {
    case publication(ChannelName, Publication)
    case join(ChannelName, ClientInfo)
    case leave(ChannelName, ClientInfo)
    case unsubscribe(ChannelName, SessionUnsubscribe)
    case subscribe(ChannelName, SessionSubscribeResult)
    /// One JSON value.
    case message(ByteBuffer)
    case connect(SessionConnectResult)
    case disconnect(SessionDisconnect)
    case refresh(ttl: UInt32?)

    /// One object without line breaks.
    ///
    /// - Parameter isUnidirectional: A client that can't send knows no replies, so it gets the push without the reply around it.
    package func append(isUnidirectional: Bool, to buffer: inout ByteBuffer) {
        if !isUnidirectional { buffer.writeStaticString("{\"push\":") }
        var members = JSONMembers(in: &buffer)
        if let channel { members.text("channel", channel.rawValue, in: &buffer) }
        members.name(name, in: &buffer)
        appendValue(to: &buffer)
        members.end(in: &buffer)
        if !isUnidirectional { buffer.writeInteger(UInt8(ascii: "}")) }
    }

    private var channel: ChannelName? {
        switch self {
        case .publication(let channel, _), .join(let channel, _), .leave(let channel, _),
            .unsubscribe(let channel, _), .subscribe(let channel, _):
            channel
        case .message, .connect, .disconnect, .refresh: nil
        }
    }

    private var name: StaticString {
        switch self {
        case .publication: "pub"
        case .join: "join"
        case .leave: "leave"
        case .unsubscribe: "unsubscribe"
        case .subscribe: "subscribe"
        case .message: "message"
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .refresh: "refresh"
        }
    }

    private func appendValue(to buffer: inout ByteBuffer) {
        switch self {
        case .publication(_, let publication): SessionPublicationForm.append(publication, to: &buffer)
        case .join(_, let info), .leave(_, let info):
            buffer.writeStaticString("{\"info\":")
            SessionPublicationForm.append(info, to: &buffer)
            buffer.writeInteger(UInt8(ascii: "}"))
        case .unsubscribe(_, let reason): Self.append(UInt64(reason.code), reason.reason, to: &buffer)
        case .subscribe(_, let result): result.append(to: &buffer)
        case .message(let data):
            var members = JSONMembers(in: &buffer)
            members.value("data", data, in: &buffer)
            members.end(in: &buffer)
        case .connect(let result): result.append(to: &buffer)
        case .disconnect(let reason): Self.append(UInt64(reason.code), reason.reason, to: &buffer)
        case .refresh(let ttl):
            var members = JSONMembers(in: &buffer)
            members.flag("expires", ttl != nil, in: &buffer)
            members.number("ttl", UInt64(ttl ?? 0), in: &buffer)
            members.end(in: &buffer)
        }
    }

    private static func append(_ code: UInt64, _ reason: String, to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        members.number("code", code, in: &buffer)
        members.text("reason", reason, in: &buffer)
        members.end(in: &buffer)
    }
}
