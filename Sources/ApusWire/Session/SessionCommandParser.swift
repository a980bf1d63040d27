import ApusCore
package import NIOCore

/// Reads commands: one JSON object a line, many lines a batch (`spec/session.md` §2).
package struct SessionCommandParser: Sendable {
    /// The most members of a command's object; more than the protocol names, since clients may know newer ones.
    private static let maximumMembers = 64

    package let limits: SessionLimits

    package init(limits: SessionLimits = SessionLimits()) {
        self.limits = limits
    }

    /// The commands of one frame or body, in order; empty lines are passed over.
    package func inputs(in batch: ByteBuffer) throws(SessionViolation) -> [SessionInput] {
        var inputs: [SessionInput] = []
        var rest = batch
        while rest.readableBytes > 0 {
            let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n"))
            let length = end.map { $0 - rest.readerIndex } ?? rest.readableBytes
            guard let line = rest.readSlice(length: length) else { break }
            if end != nil { rest.moveReaderIndex(forwardBy: 1) }
            guard line.readableBytes <= limits.commandBytes else {
                throw .commandTooLarge(limit: limits.commandBytes)
            }
            if line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            guard inputs.count < limits.commandsPerBatch else {
                throw .tooManyCommands(limit: limits.commandsPerBatch)
            }
            inputs.append(try input(line))
        }
        return inputs
    }

    private func input(_ line: ByteBuffer) throws(SessionViolation) -> SessionInput {
        let members = try Self.members(line)
        if members.isEmpty { return .pong }
        let id = UInt32(truncatingIfNeeded: try Self.number(members["id"], in: 0...Int64(UInt32.max)))
        guard let member = members.first(where: { Self.names.contains($0.key) && $0.value.kind != .null }) else {
            guard id > 0 else { throw .missingID }
            return .command(SessionCommand(id: id, request: .unknown))
        }
        let request = try request(member.key, Self.members(member.value))
        switch request {
        case .send: break
        case .connect, .subscribe, .unsubscribe, .publish, .presence, .presenceStats, .history, .ping, .rpc, .refresh,
            .subRefresh, .unknown, .invalid:
            guard id > 0 else { throw .missingID }
        }
        return .command(SessionCommand(id: id, request: request))
    }

    private static let names: Set<String> = [
        "connect", "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history", "ping", "send",
        "rpc", "refresh", "sub_refresh",
    ]

    private func request(_ name: String, _ members: [JSONMember]) throws(SessionViolation) -> SessionCommand.Request {
        switch name {
        case "connect": return try connect(members)
        case "ping": return .ping
        case "send": return try Self.data(members).map { .send(data: $0) } ?? .invalid(.badRequest)
        case "rpc":
            let method = try Self.text(members["method"])
            guard method.utf8.count <= limits.methodBytes else { return .invalid(.badRequest) }
            return .rpc(method: method, data: try Self.data(members))
        case "refresh":
            let token = try Self.text(members["token"])
            guard token.utf8.count <= limits.tokenBytes else { return .invalid(.badRequest) }
            return .refresh(token: token)
        default: return try channelRequest(name, members)
        }
    }

    private func channelRequest(
        _ name: String,
        _ members: [JSONMember]
    ) throws(SessionViolation) -> SessionCommand.Request {
        guard let channel = try Self.channel(members) else { return .invalid(.badRequest) }
        switch name {
        case "subscribe":
            guard let subscribe = try subscribe(channel, members) else { return .invalid(.badRequest) }
            return .subscribe(subscribe)
        case "unsubscribe": return .unsubscribe(channel)
        case "publish":
            return try Self.data(members).map { .publish(channel, data: $0) } ?? .invalid(.badRequest)
        case "presence": return .presence(channel)
        case "presence_stats": return .presenceStats(channel)
        case "history": return .history(try Self.history(channel, members))
        case "sub_refresh":
            let token = try Self.text(members["token"])
            guard token.utf8.count <= limits.tokenBytes else { return .invalid(.badRequest) }
            return .subRefresh(channel, token: token)
        default: return .unknown
        }
    }

    /// The object of a connect command, for transports that carry it on its own.
    package func connectObject(_ object: ByteBuffer) throws(SessionViolation) -> SessionCommand.Request {
        guard object.readableBytes <= limits.commandBytes else {
            throw .commandTooLarge(limit: limits.commandBytes)
        }
        return try connect(try Self.members(object))
    }

    private func connect(_ members: [JSONMember]) throws(SessionViolation) -> SessionCommand.Request {
        var connect = SessionConnect()
        connect.token = try Self.text(members["token"])
        connect.data = try Self.data(members)
        connect.name = try Self.text(members["name"])
        connect.version = try Self.text(members["version"])
        guard connect.token.utf8.count <= limits.tokenBytes, connect.name.utf8.count <= limits.nameBytes,
            connect.version.utf8.count <= limits.nameBytes
        else { return .invalid(.badRequest) }
        guard let value = members["subs"], value.kind != .null else { return .connect(connect) }
        for member in try Self.members(value, limit: limits.connectSubscriptions) {
            guard let channel = try? ChannelName(member.key),
                let subscribe = try subscribe(channel, try Self.members(member.value)),
                !connect.subscriptions.contains(where: { $0.channel == channel })
            else { return .invalid(.badRequest) }
            connect.subscriptions.append(subscribe)
        }
        return .connect(connect)
    }

    private func subscribe(_ channel: ChannelName, _ members: [JSONMember]) throws(SessionViolation)
        -> SessionSubscribe?
    {
        var subscribe = SessionSubscribe(channel: channel)
        subscribe.token = try Self.text(members["token"])
        guard subscribe.token.utf8.count <= limits.tokenBytes else { return nil }
        if try Self.flag(members["recover"]) { subscribe.recover = try Self.position(members) }
        subscribe.joinLeave = try Self.flag(members["join_leave"])
        subscribe.data = try Self.data(members)
        return subscribe
    }

    private static func history(_ channel: ChannelName, _ members: [JSONMember]) throws(SessionViolation)
        -> SessionHistory
    {
        var history = SessionHistory(channel: channel)
        history.limit = try number(members["limit"], in: Int64(Int32.min)...Int64(Int32.max))
        history.reverse = try flag(members["reverse"])
        if let since = members["since"], since.kind != .null { history.since = try position(try Self.members(since)) }
        return history
    }
}

/// Single values. A member that is missing or null has its kind's empty value, as proto3's JSON form has it.
extension SessionCommandParser {
    private static func members(_ object: ByteBuffer, limit: Int = maximumMembers) throws(SessionViolation)
        -> [JSONMember]
    {
        do throws(JSONError) {
            return try JSONScanner.members(of: object, limit: limit)
        } catch {
            throw .malformed
        }
    }

    private static func members(_ value: JSONValue, limit: Int = maximumMembers) throws(SessionViolation)
        -> [JSONMember]
    {
        guard value.kind == .object else { throw .malformed }
        return try members(value.raw, limit: limit)
    }

    private static func text(_ value: JSONValue?) throws(SessionViolation) -> String {
        guard let value, value.kind != .null else { return "" }
        guard let text = value.string else { throw .malformed }
        return text
    }

    private static func flag(_ value: JSONValue?) throws(SessionViolation) -> Bool {
        guard let value, value.kind != .null else { return false }
        guard let flag = value.boolean else { throw .malformed }
        return flag
    }

    /// Clients of the Protobuf kind may write 64-bit numbers as strings.
    private static func number(_ value: JSONValue?, in range: ClosedRange<Int64>) throws(SessionViolation) -> Int64 {
        guard let value, value.kind != .null else { return 0 }
        guard let number = value.integer ?? value.string.flatMap({ Int64($0) }), range.contains(number) else {
            throw .malformed
        }
        return number
    }

    private static func position(_ members: [JSONMember]) throws(SessionViolation) -> SessionPosition {
        let offset = try number(members["offset"], in: 0...Int64.max)
        return SessionPosition(epoch: try text(members["epoch"]), offset: UInt64(offset))
    }

    private static func data(_ members: [JSONMember]) throws(SessionViolation) -> ByteBuffer? {
        members["data"]?.raw
    }

    /// Nil for a name that no channel has.
    private static func channel(_ members: [JSONMember]) throws(SessionViolation) -> ChannelName? {
        let name = try text(members["channel"])
        do throws(ApusError) {
            return try ChannelName(name)
        } catch {
            return nil
        }
    }
}
