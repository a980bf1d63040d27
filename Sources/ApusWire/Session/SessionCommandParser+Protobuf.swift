import ApusCore
package import NIOCore

/// The same commands in their Protobuf form: each a message with its length before it (`spec/session.md` §8).
extension SessionCommandParser {
    /// The most fields of a message.
    private static let maximumFields = 64

    /// The commands of one frame or body, in order.
    package func protobufInputs(in batch: ByteBuffer) throws(SessionViolation) -> [SessionInput] {
        var inputs: [SessionInput] = []
        var rest = batch
        while rest.readableBytes > 0 {
            guard inputs.count < limits.commandsPerBatch else {
                throw .tooManyCommands(limit: limits.commandsPerBatch)
            }
            let message: ByteBuffer
            do throws(ProtobufField.Violation) {
                message = try ProtobufField.readBytes(&rest)
            } catch {
                throw .malformed
            }
            guard message.readableBytes <= limits.commandBytes else {
                throw .commandTooLarge(limit: limits.commandBytes)
            }
            inputs.append(message.readableBytes == 0 ? .pong : try command(message))
        }
        return inputs
    }

    private func command(_ message: ByteBuffer) throws(SessionViolation) -> SessionInput {
        let fields = try Fields(message)
        let id = UInt32(truncatingIfNeeded: try fields.number(1))
        guard let field = fields.all.first(where: { (4...15).contains($0.number) }) else {
            guard id > 0 else { throw .missingID }
            return .command(SessionCommand(id: id, request: .unknown))
        }
        guard case .bytes(let body) = field.value else { throw .malformed }
        let request = try request(field.number, Fields(body))
        if case .send = request {} else if id == 0 { throw .missingID }
        return .command(SessionCommand(id: id, request: request))
    }

    private func request(_ number: Int, _ fields: Fields) throws(SessionViolation) -> SessionCommand.Request {
        switch number {
        case 4: return try connect(fields)
        case 11: return .ping
        case 12: return .send(data: try fields.bytes(1) ?? ByteBuffer())
        case 13:
            let method = try fields.text(2)
            guard method.utf8.count <= limits.methodBytes else { return .invalid(.badRequest) }
            return .rpc(method: method, data: try fields.bytes(1))
        case 14:
            let token = try fields.text(1)
            guard token.utf8.count <= limits.tokenBytes else { return .invalid(.badRequest) }
            return .refresh(token: token)
        default: break
        }
        let name = try fields.text(1)
        guard let channel = try? ChannelName(name) else { return .invalid(.badRequest) }
        switch number {
        case 5: return try subscribe(channel, fields).map { .subscribe($0) } ?? .invalid(.badRequest)
        case 6: return .unsubscribe(channel)
        case 7: return .publish(channel, data: try fields.bytes(2) ?? ByteBuffer())
        case 8: return .presence(channel)
        case 9: return .presenceStats(channel)
        case 10:
            var history = SessionHistory(channel: channel)
            // A negative int32 comes as 64 bits.
            history.limit = Int64(bitPattern: try fields.number(7))
            history.reverse = try fields.number(9) != 0
            if let since = try fields.bytes(8) {
                let position = try Fields(since)
                history.since = SessionPosition(epoch: try position.text(2), offset: try position.number(1))
            }
            return .history(history)
        default:
            let token = try fields.text(2)
            guard token.utf8.count <= limits.tokenBytes else { return .invalid(.badRequest) }
            return .subRefresh(channel, token: token)
        }
    }

    private func connect(_ fields: Fields) throws(SessionViolation) -> SessionCommand.Request {
        var connect = SessionConnect()
        connect.token = try fields.text(1)
        connect.data = try fields.bytes(2)
        connect.name = try fields.text(4)
        connect.version = try fields.text(5)
        guard connect.token.utf8.count <= limits.tokenBytes, connect.name.utf8.count <= limits.nameBytes,
            connect.version.utf8.count <= limits.nameBytes
        else { return .invalid(.badRequest) }
        for case .bytes(let entry) in fields.all.lazy.filter({ $0.number == 3 }).map(\.value) {
            let entry = try Fields(entry)
            let name = try entry.text(1)
            guard let channel = try? ChannelName(name),
                let subscribe = try subscribe(channel, Fields(try entry.bytes(2) ?? ByteBuffer())),
                !connect.subscriptions.contains(where: { $0.channel == channel })
            else { return .invalid(.badRequest) }
            connect.subscriptions.append(subscribe)
        }
        return .connect(connect)
    }

    private func subscribe(_ channel: ChannelName, _ fields: Fields) throws(SessionViolation) -> SessionSubscribe? {
        var subscribe = SessionSubscribe(channel: channel)
        subscribe.token = try fields.text(2)
        guard subscribe.token.utf8.count <= limits.tokenBytes else { return nil }
        if try fields.number(3) != 0 {
            subscribe.recover = SessionPosition(epoch: try fields.text(6), offset: try fields.number(7))
        }
        subscribe.data = try fields.bytes(8)
        subscribe.joinLeave = try fields.number(11) != 0
        return subscribe
    }

    /// A message's fields by their numbers; of one that comes twice the last counts.
    private struct Fields {
        let all: [ProtobufField]

        init(_ message: ByteBuffer) throws(SessionViolation) {
            do throws(ProtobufField.Violation) {
                // A connect command has a field for each of its channels.
                all = try ProtobufField.all(in: message, limit: maximumFields + 512)
            } catch {
                throw .malformed
            }
        }

        func number(_ field: Int) throws(SessionViolation) -> UInt64 {
            guard let value = all.last(where: { $0.number == field })?.value else { return 0 }
            guard case .number(let number) = value else { throw .malformed }
            return number
        }

        func bytes(_ field: Int) throws(SessionViolation) -> ByteBuffer? {
            guard let value = all.last(where: { $0.number == field })?.value else { return nil }
            guard case .bytes(let bytes) = value else { throw .malformed }
            return bytes
        }

        func text(_ field: Int) throws(SessionViolation) -> String {
            guard let bytes = try bytes(field) else { return "" }
            guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else { throw .malformed }
            return text
        }
    }
}
