import ApusCore
import NIOCore

/// Replies and pushes in their Protobuf form (`spec/session.md` §8).
extension SessionReply {
    func write(to writer: inout ProtobufWriter) {
        writer.number(1, UInt64(id))
        switch result {
        case .error(let error):
            writer.message(2) {
                $0.number(1, UInt64(error.code))
                $0.text(2, error.message)
                $0.flag(3, error.isTemporary)
            }
        case .connect(let result): writer.message(5) { result.write(to: &$0) }
        case .subscribe(let result): writer.message(6) { result.write(to: &$0) }
        case .unsubscribe: writer.message(7) { _ in }
        case .publish: writer.message(8) { _ in }
        case .presence(let clients):
            writer.message(9) { presence in
                for info in clients {
                    presence.message(1) { entry in
                        entry.text(1, info.client)
                        entry.message(2) { info.write(to: &$0) }
                    }
                }
            }
        case .presenceStats(let clients, let users):
            writer.message(10) {
                $0.number(1, UInt64(clients))
                $0.number(2, UInt64(users))
            }
        case .history(let result):
            writer.message(11) { history in
                for publication in result.publications { history.message(1) { publication.write(to: &$0) } }
                history.text(2, result.position.epoch.description)
                history.number(3, result.position.offset)
            }
        case .ping: writer.message(12) { _ in }
        case .rpc(let data): writer.message(13) { $0.bytes(1, data) }
        case .refresh(let client, let version, let ttl):
            writer.message(14) {
                $0.text(1, client)
                $0.text(2, version)
                $0.flag(3, ttl != nil)
                $0.number(4, UInt64(ttl ?? 0))
            }
        case .subRefresh(let ttl):
            writer.message(15) {
                $0.flag(1, ttl != nil)
                $0.number(2, UInt64(ttl ?? 0))
            }
        }
    }
}

extension SessionPush {
    /// As the push of a reply.
    func write(to writer: inout ProtobufWriter) {
        writer.message(4) { push in
            switch self {
            case .publication(let channel, let publication):
                push.text(2, channel.rawValue)
                push.message(4) { publication.write(to: &$0) }
            case .join(let channel, let info):
                push.text(2, channel.rawValue)
                push.message(5) { $0.message(1) { info.write(to: &$0) } }
            case .leave(let channel, let info):
                push.text(2, channel.rawValue)
                push.message(6) { $0.message(1) { info.write(to: &$0) } }
            case .unsubscribe(let channel, let reason):
                push.text(2, channel.rawValue)
                push.message(7) {
                    $0.number(2, UInt64(reason.code))
                    $0.text(3, reason.reason)
                }
            case .message(let data): push.message(8) { $0.bytes(1, data) }
            case .subscribe(let channel, let result):
                push.text(2, channel.rawValue)
                push.message(9) {
                    $0.flag(1, true)
                    $0.text(4, result.position.epoch.description)
                    $0.number(5, result.position.offset)
                    $0.flag(6, true)
                    $0.bytes(7, result.data)
                }
            case .connect(let result): push.message(10) { result.writePush(to: &$0) }
            case .disconnect(let reason):
                push.message(11) {
                    $0.number(1, UInt64(reason.code))
                    $0.text(2, reason.reason)
                }
            case .refresh(let ttl):
                push.message(12) {
                    $0.flag(1, ttl != nil)
                    $0.number(2, UInt64(ttl ?? 0))
                }
            }
        }
    }
}

extension SessionConnectResult {
    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.text(1, client)
        writer.text(2, version)
        writer.flag(3, ttl != nil)
        writer.number(4, UInt64(ttl ?? 0))
        writer.bytes(5, data)
        writeSubscriptions(6, to: &writer)
        writeEnd(to: &writer)
    }

    fileprivate func writePush(to writer: inout ProtobufWriter) {
        writer.text(1, client)
        writer.text(2, version)
        writer.bytes(3, data)
        writeSubscriptions(4, to: &writer)
        writer.flag(5, ttl != nil)
        writer.number(6, UInt64(ttl ?? 0))
        writeEnd(to: &writer)
    }

    private func writeSubscriptions(_ field: Int, to writer: inout ProtobufWriter) {
        for (channel, result) in subscriptions {
            writer.message(field) { entry in
                entry.text(1, channel.rawValue)
                entry.message(2) { result.write(to: &$0) }
            }
        }
    }

    private func writeEnd(to writer: inout ProtobufWriter) {
        writer.number(7, UInt64(pingSeconds))
        writer.flag(8, wantsPong)
        writer.text(9, session)
        writer.text(10, node)
    }
}

extension SessionSubscribeResult {
    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.flag(1, ttl != nil)
        writer.number(2, UInt64(ttl ?? 0))
        writer.flag(3, true)
        writer.text(6, position.epoch.description)
        for publication in publications { writer.message(7) { publication.write(to: &$0) } }
        writer.flag(8, isRecovered)
        writer.number(9, position.offset)
        writer.flag(10, true)
        writer.bytes(11, data)
        writer.flag(12, wasRecovering)
    }
}

extension ClientInfo {
    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.text(1, user)
        writer.text(2, client)
        writer.text(3, info)
        writer.text(4, channelInfo)
    }
}

extension Publication {
    /// The data as it is, whatever its type: here bytes can stand.
    fileprivate func write(to writer: inout ProtobufWriter) {
        writer.bytes(4, message.data)
        if let publisher = message.publisher, publisher != ClientInfo() {
            writer.message(5) { publisher.write(to: &$0) }
        }
        writer.number(6, offset)
        for (name, value) in SessionPublicationForm.tags(of: message) {
            writer.message(7) {
                $0.text(1, name)
                $0.text(2, value)
            }
        }
        writer.number(9, UInt64(clamping: time))
    }
}
