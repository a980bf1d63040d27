import ApusCore
import ApusWire
import NIOCore

/// The session's channels.
extension Session {
    // MARK: By the client

    /// - Parameter id: The command's; nil if the client can't send commands, and is told by a push.
    func subscribe(_ request: SessionSubscribe, id: UInt32?) {
        guard subscriptions[request.channel] == nil else {
            refuse(id, .error(.alreadySubscribed))
            return
        }
        guard let hook = context.hooks.onSubscribe else {
            subscribe(request, SessionSubscribeDecision(), id: id)
            return
        }
        let client = SessionClient(self)
        let event = SessionSubscribeRequest(channel: request.channel, token: request.token, data: request.data)
        decide({
            let decision = try await hook(client, event)
            try SessionJSON.check(decision.info)
            if let data = decision.data { try SessionJSON.check(data) }
            return decision
        }) { [self] in
            switch $0 {
            case .success(let decision): subscribe(request, decision, id: id)
            case .failure(let refusal): refuse(id, refusal)
            }
        }
    }

    private func subscribe(_ request: SessionSubscribe, _ decision: SessionSubscribeDecision, id: UInt32?) {
        do throws(SessionError) {
            let (subscription, result) = try open(request, decision, isServerSide: id == nil)
            if let id {
                reply(id, .subscribe(result))
            } else {
                push(.subscribe(request.channel, result))
                // A push has no place for what was missed.
                for publication in result.publications { push(.publication(request.channel, publication)) }
            }
            start(subscription)
            prolong(subscription, decision.lifetime)
        } catch {
            refuse(id, .error(error))
        }
    }

    func unsubscribe(_ channel: ChannelName, id: UInt32) {
        let subscription = subscriptions.removeValue(forKey: channel)
        subscription.map(close)
        reply(id, .unsubscribe)
    }

    // MARK: By the server

    func subscribeByServer(_ channel: ChannelName) {
        guard isConnected, subscriptions[channel] == nil else { return }
        subscribe(SessionSubscribe(channel: channel), SessionSubscribeDecision(), id: nil)
    }

    func unsubscribeByServer(_ channel: ChannelName, _ reason: SessionUnsubscribe) {
        guard let subscription = subscriptions.removeValue(forKey: channel) else { return }
        close(subscription)
        push(.unsubscribe(channel, reason))
    }

    /// Messages between the subscription's position and its log can't be had. The client subscribes again, or connects again
    /// where the server had made the subscription, and learns then what it has missed.
    func lostHistory(_ subscription: SessionSubscription) {
        guard subscriptions[subscription.channel] === subscription else { return }
        if subscription.isServerSide {
            disconnect(.insufficientState)
        } else {
            unsubscribeByServer(subscription.channel, .insufficientState)
        }
    }

    func expired(_ subscription: SessionSubscription) {
        guard subscriptions[subscription.channel] === subscription else { return }
        unsubscribeByServer(subscription.channel, .expired)
    }

    /// The subscription is good for so long again.
    func prolong(_ subscription: SessionSubscription, _ lifetime: Duration?) {
        if let expiry = subscription.expiry { shard.cancel(expiry) }
        guard let lifetime, !isClosed else { return }
        let expiry = subscription.expiry ?? WheelTimer()
        expiry.target = subscription
        subscription.expiry = expiry
        shard.set(expiry, after: lifetime + context.configuration.refreshGrace)
    }

    // MARK: Cursors

    /// Makes a subscription, and says where it stands. Nothing is sent before `start`.
    func open(
        _ request: SessionSubscribe,
        _ decision: SessionSubscribeDecision,
        isServerSide: Bool
    ) throws(SessionError) -> (SessionSubscription, SessionSubscribeResult) {
        let channel = request.channel
        // Between the command and the program's decision the server may have subscribed the client itself.
        guard subscriptions[channel] == nil else { throw .alreadySubscribed }
        guard subscriptions.count < context.configuration.maximumSubscriptions else { throw .limitExceeded }
        // Who wants to know of arrivals reads them together with the messages, by time.
        let channels = request.joinLeave ? [.arrivals(of: channel), channel] : [channel]
        let place: SubscriptionPlace
        do throws(ApusError) {
            place = try shard.place(for: channels, since: .now)
        } catch {
            throw SessionError(error)
        }
        guard let head = place.positions.last else { throw .internalError }
        var result = SessionSubscribeResult(position: head)
        result.ttl = decision.lifetime.map(SessionClock.seconds)
        result.data = decision.data
        if let position = request.recover { recover(channel, from: position, &result) }
        var member: ClientInfo?
        if decision.isPresent {
            member = info
            member?.channelInfo = decision.info
        }
        let subscription = SessionSubscription(
            session: self,
            channel: channel,
            isServerSide: isServerSide,
            info: member
        )
        subscription.subscriber = shard.subscribe(
            at: SubscriptionPlace(feed: place.feed, positions: place.positions.dropLast() + [result.position]),
            encoding: WireEncoding(
                SessionFraming(channel: channel, carrier: output.carrier),
                coding: output.coding,
                carriesGaps: false
            ),
            outbox: subscription
        )
        subscriptions[channel] = subscription
        return (subscription, result)
    }

    /// Reads what the client has missed. What is beyond the limit is not lost: the cursor stands before it.
    private func recover(_ channel: ChannelName, from asked: SessionPosition, _ result: inout SessionSubscribeResult) {
        result.wasRecovering = true
        guard let epoch = Epoch(asked.epoch), asked.offset <= Position.maximumOffset else { return }
        let limit = ReadLimit(
            messages: context.configuration.recoveryMessages,
            bytes: context.hub.configuration.sliceBytes
        )
        let since = Since.cursor(Cursor(Position(epoch: epoch, offset: asked.offset)))
        guard let batch = try? context.hub.read([channel], since: since, limit: limit), batch.firstGap == nil,
            let end = batch.end.first
        else { return }
        result.isRecovered = true
        result.publications = batch.publications
        result.position = end
    }

    /// Begins to send, after the client was told where it stands; then others are told of the client.
    func start(_ subscription: SessionSubscription) {
        guard !isClosed else { return }
        subscription.subscriber?.start()
        if let info = subscription.info, subscriptions[subscription.channel] === subscription {
            context.hub.arrive(info, on: subscription.channel)
        }
    }

    /// Lets go of a subscription that the session has forgotten.
    func close(_ subscription: SessionSubscription) {
        subscription.subscriber?.cancel()
        subscription.subscriber = nil
        if let expiry = subscription.expiry { shard.cancel(expiry) }
        if let info = subscription.info { context.hub.leave(info, from: subscription.channel) }
    }
}
