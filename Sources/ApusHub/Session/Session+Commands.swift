import ApusCore
import ApusWire
import NIOCore

/// What a connected client may ask for.
extension Session {
    func perform(_ command: SessionCommand) {
        let id = command.id
        switch command.request {
        case .subscribe(let request): subscribe(request, id: id)
        case .unsubscribe(let channel): unsubscribe(channel, id: id)
        case .publish(let channel, let data): publish(data, to: channel, id: id)
        case .presence(let channel): presence(channel, id: id)
        case .presenceStats(let channel):
            let counts = context.hub.presenceTable.counts(on: channel)
            reply(id, .presenceStats(clients: counts.clients, users: counts.users))
        case .history(let request): history(request, id: id)
        case .ping: reply(id, .ping)
        case .send(let data): send(data)
        case .rpc(let method, let data): call(method, data, id: id)
        case .refresh(let token): refresh(token, id: id)
        case .subRefresh(let channel, let token): refresh(channel, token, id: id)
        case .unknown: reply(id, .error(.methodNotFound))
        case .invalid(let error): refuse(id, id > 0 ? .error(error) : .disconnect(.badRequest))
        // Once only; the session has seen to it.
        case .connect: disconnect(.badRequest)
        }
    }

    // MARK: Publishing

    private func publish(_ data: ByteBuffer, to channel: ChannelName, id: UInt32) {
        guard let hook = context.hooks.onPublish else {
            publishNow(data, to: channel, id: id)
            return
        }
        let client = SessionClient(self)
        decide({ try await hook(client, channel, data) }) { [self] in
            switch $0 {
            case .success: publishNow(data, to: channel, id: id)
            case .failure(let refusal): refuse(id, refusal)
            }
        }
    }

    private func publishNow(_ data: ByteBuffer, to channel: ChannelName, id: UInt32) {
        do throws(ApusError) {
            let type = try contentType(of: data)
            let message = try Message(data: data, contentType: type, publisher: publisher(on: channel))
            try context.hub.publish(checked: message, to: channel)
            reply(id, .publish)
        } catch {
            reply(id, .error(SessionError(error)))
        }
    }

    /// In the Protobuf form, data are bytes of any kind.
    private func contentType(of data: ByteBuffer) throws(ApusError) -> ContentType {
        switch output.carrier.form {
        case .json: .json
        case .protobuf:
            (try? SessionJSON.check(data)) != nil ? .json : try MessageBody.contentType(of: data, declared: nil)
        }
    }

    private func publisher(on channel: ChannelName) -> ClientInfo {
        var info = info
        info.channelInfo = subscriptions[channel]?.info?.channelInfo
        return info
    }

    // MARK: Reading

    private func presence(_ channel: ChannelName, id: UInt32) {
        let table = context.hub.presenceTable
        guard table.counts(on: channel).clients <= context.configuration.maximumPresence else {
            reply(id, .error(.limitExceeded))
            return
        }
        reply(id, .presence(table.members(of: channel)))
    }

    private func history(_ request: SessionHistory, id: UInt32) {
        do throws(ApusError) {
            guard let result = try history(request) else {
                reply(id, .error(.unrecoverablePosition))
                return
            }
            reply(id, .history(result))
        } catch {
            reply(id, .error(SessionError(error)))
        }
    }

    /// Nil if the position is none of this log's, or older than what it retains.
    private func history(_ request: SessionHistory) throws(ApusError) -> SessionHistoryResult? {
        let hub = context.hub
        let head = try hub.status(of: request.channel).position
        var since: Position?
        if let asked = request.since {
            // Without an epoch the offset counts in the log as it is.
            let epoch = asked.epoch.isEmpty ? head.epoch : Epoch(asked.epoch)
            guard let epoch, epoch == head.epoch, asked.offset <= head.offset else { return nil }
            since = Position(epoch: epoch, offset: asked.offset)
        }
        guard request.limit != 0 else { return SessionHistoryResult(publications: [], position: head) }
        let most = hub.configuration.batchMessages
        let limit = ReadLimit(
            messages: request.limit < 0 ? most : min(most, Int(request.limit)),
            bytes: hub.configuration.batchBytes
        )
        if request.reverse {
            if let offset = since?.offset, offset <= 1 { return SessionHistoryResult(publications: [], position: head) }
            let before = since.map { Position(epoch: $0.epoch, offset: $0.offset - 1) }
            let read = try hub.readBackwards(request.channel, before: before, limit: limit)
            return read.gap == nil ? SessionHistoryResult(publications: read.publications, position: head) : nil
        }
        let batch = try hub.read([request.channel], since: since.map { .cursor(Cursor($0)) } ?? .start, limit: limit)
        // Between the two readings the log may have begun anew.
        guard batch.firstGap == nil else { return nil }
        return SessionHistoryResult(publications: batch.publications, position: head)
    }

    // MARK: The program's own

    private func send(_ data: ByteBuffer) {
        guard let hook = context.hooks.onMessage else {
            disconnect(.notAvailable)
            return
        }
        let client = SessionClient(self)
        work({ try await hook(client, data) }) { [self] in
            if case .failure(let refusal) = $0 { refuse(nil, refusal) }
        }
    }

    private func call(_ method: String, _ data: ByteBuffer?, id: UInt32) {
        guard let hook = context.hooks.onRPC else {
            reply(id, .error(.notAvailable))
            return
        }
        let client = SessionClient(self)
        let form = output.carrier.form
        work({
            let result = try await hook(client, method, data)
            guard form == .protobuf || (try? SessionJSON.check(result)) != nil else { throw SessionError.internalError }
            return result
        }) { [self] in
            switch $0 {
            case .success(let result): reply(id, .rpc(data: result))
            case .failure(let refusal): refuse(id, refusal)
            }
        }
    }

    private func refresh(_ token: String, id: UInt32) {
        guard let hook = context.hooks.onRefresh else {
            reply(id, .error(.notAvailable))
            return
        }
        let client = SessionClient(self)
        decide({ try await hook(client, token) }) { [self] in
            switch $0 {
            case .success(let lifetime):
                prolong(lifetime)
                let ttl = lifetime.map(SessionClock.seconds)
                reply(id, .refresh(client: info.client ?? "", version: context.version, ttl: ttl))
            case .failure(let refusal): refuse(id, refusal)
            }
        }
    }

    private func refresh(_ channel: ChannelName, _ token: String, id: UInt32) {
        guard let hook = context.hooks.onSubscriptionRefresh else {
            reply(id, .error(.notAvailable))
            return
        }
        guard subscriptions[channel] != nil else {
            reply(id, .error(.permissionDenied))
            return
        }
        let client = SessionClient(self)
        decide({ try await hook(client, channel, token) }) { [self] in
            switch $0 {
            case .success(let lifetime):
                if let subscription = subscriptions[channel] { prolong(subscription, lifetime) }
                reply(id, .subRefresh(ttl: lifetime.map(SessionClock.seconds)))
            case .failure(let refusal): refuse(id, refusal)
            }
        }
    }
}

extension Batch {
    /// The messages, without gaps.
    var publications: [Publication] {
        items.compactMap { item in
            switch item {
            case .message(let delivery): delivery.publication
            case .gap: nil
            }
        }
    }
}
