package import ApusCore
package import NIOCore

/// What answers a command (`spec/session.md` §3).
package struct SessionReply: Sendable {
    /// The command's.
    package let id: UInt32
    package let result: Result

    package init(id: UInt32, result: Result) {
        self.id = id
        self.result = result
    }

    package enum Result: Sendable {
        case error(SessionError)
        case connect(SessionConnectResult)
        case subscribe(SessionSubscribeResult)
        case unsubscribe
        case publish
        case presence([ClientInfo])
        case presenceStats(clients: Int, users: Int)
        case history(SessionHistoryResult)
        case ping
        case rpc(data: ByteBuffer)
        case refresh(client: String, version: String, ttl: UInt32?)
        case subRefresh(ttl: UInt32?)
    }

    /// One object without line breaks.
    package func append(to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        members.number("id", UInt64(id), in: &buffer)
        switch result {
        case .error(let error):
            members.name("error", in: &buffer)
            Self.append(error, to: &buffer)
        case .connect(let result):
            members.name("connect", in: &buffer)
            result.append(to: &buffer)
        case .subscribe(let result):
            members.name("subscribe", in: &buffer)
            result.append(to: &buffer)
        case .unsubscribe: Self.appendEmpty("unsubscribe", &members, to: &buffer)
        case .publish: Self.appendEmpty("publish", &members, to: &buffer)
        case .presence(let clients):
            members.name("presence", in: &buffer)
            Self.append(clients, to: &buffer)
        case .presenceStats(let clients, let users):
            members.name("presence_stats", in: &buffer)
            var counts = JSONMembers(in: &buffer)
            counts.number("num_clients", UInt64(clients), in: &buffer)
            counts.number("num_users", UInt64(users), in: &buffer)
            counts.end(in: &buffer)
        case .history(let result):
            members.name("history", in: &buffer)
            result.append(to: &buffer)
        case .ping: Self.appendEmpty("ping", &members, to: &buffer)
        case .rpc(let data):
            members.name("rpc", in: &buffer)
            var object = JSONMembers(in: &buffer)
            object.value("data", data, in: &buffer)
            object.end(in: &buffer)
        case .refresh(let client, let version, let ttl):
            members.name("refresh", in: &buffer)
            var object = JSONMembers(in: &buffer)
            object.text("client", client, in: &buffer)
            object.text("version", version, in: &buffer)
            Self.append(ttl: ttl, members: &object, to: &buffer)
        case .subRefresh(let ttl):
            members.name("sub_refresh", in: &buffer)
            var object = JSONMembers(in: &buffer)
            Self.append(ttl: ttl, members: &object, to: &buffer)
        }
        members.end(in: &buffer)
    }

    private static func append(_ error: SessionError, to buffer: inout ByteBuffer) {
        var object = JSONMembers(in: &buffer)
        object.number("code", UInt64(error.code), in: &buffer)
        object.text("message", error.message, in: &buffer)
        object.flag("temporary", error.isTemporary, in: &buffer)
        object.end(in: &buffer)
    }

    private static func append(_ clients: [ClientInfo], to buffer: inout ByteBuffer) {
        var object = JSONMembers(in: &buffer)
        object.name("presence", in: &buffer)
        var names = JSONMembers(in: &buffer)
        for info in clients {
            names.name(info.client ?? "", in: &buffer)
            SessionPublicationForm.append(info, to: &buffer)
        }
        names.end(in: &buffer)
        object.end(in: &buffer)
    }

    private static func append(ttl: UInt32?, members: inout JSONMembers, to buffer: inout ByteBuffer) {
        members.flag("expires", ttl != nil, in: &buffer)
        members.number("ttl", UInt64(ttl ?? 0), in: &buffer)
        members.end(in: &buffer)
    }

    private static func appendEmpty(_ name: StaticString, _ members: inout JSONMembers, to buffer: inout ByteBuffer) {
        members.name(name, in: &buffer)
        buffer.writeStaticString("{}")
    }
}
