package import ApusCore
package import ApusWire
import DequeModule
package import NIOCore

/// One client's session: commands in, replies and pushes out, over whichever transport. Belongs to one event loop.
///
/// It is a set of cursors: each of its channels is a `StreamSubscriber` of the channel's feed, so a publication is framed once for
/// all sessions of a kind. Commands are answered in their order, `rpc` and `send` aside, which wait for nobody.
package final class Session {
    private enum State {
        /// The client has to connect. To `.connecting`, or `.closed` after a time.
        case waiting
        /// The program decides.
        case connecting
        case connected
        /// Nothing more is sent or done.
        case closed
    }

    let context: SessionContext
    let shard: Shard
    let output: SessionOutput
    /// What upstream requests name; only this client knows it.
    package let secret = RandomID.secret()
    /// Who it is: the id from the beginning, the user once it is connected.
    var info: ClientInfo
    var subscriptions: [ChannelName: SessionSubscription] = [:]
    /// Called once, when it has ended.
    package var onClosed: (() -> Void)?

    private var state = State.waiting
    /// What waits for the command before it.
    private var queue = Deque<SessionCommand>()
    /// Whether a command waits for the program's decision.
    private var isBusy = false
    /// How many calls and messages the program is working on.
    private var running = 0
    private var rate: CommandRate
    private var clock: SessionClock

    package init(
        context: SessionContext,
        shard: Shard,
        carrier: SessionCarrier,
        coding: BodyCoding,
        pings: Bool = true
    ) {
        self.context = context
        self.shard = shard
        let configuration = context.configuration
        output = SessionOutput(carrier: carrier, coding: coding, limit: configuration.maximumHeldBytes)
        info = ClientInfo(client: RandomID.uuid())
        rate = CommandRate(perSecond: configuration.maximumCommandsPerSecond)
        clock = SessionClock(configuration: configuration, pings: pings, wantsPong: !carrier.isUnidirectional)
        clock.timer.target = self
    }

    /// Gives it its way out. Call it once, before anything else.
    package func attach(_ line: any SessionLine) {
        output.attach(line)
        context.registry.add(self)
        shard.set(clock.timer, after: context.configuration.connectTimeout)
    }

    package var isClosed: Bool {
        switch state {
        case .closed: true
        case .waiting, .connecting, .connected: false
        }
    }

    /// Whether the client has yet to connect.
    package var isWaiting: Bool {
        switch state {
        case .waiting: true
        case .connecting, .connected, .closed: false
        }
    }

    var isConnected: Bool {
        switch state {
        case .connected: true
        case .waiting, .connecting, .closed: false
        }
    }

    // MARK: From the client

    /// A batch of commands has come.
    package func receive(_ batch: ByteBuffer) {
        guard !isClosed else { return }
        clock.heard()
        let inputs: [SessionInput]
        do throws(SessionViolation) {
            switch output.carrier.form {
            case .json: inputs = try context.parser.inputs(in: batch)
            case .protobuf: inputs = try context.parser.protobufInputs(in: batch)
            }
        } catch {
            disconnect(error.disconnect)
            return
        }
        output.cork()
        for input in inputs {
            switch input {
            case .pong: break
            case .command(let command): accept(command)
            }
        }
        proceed()
        output.uncork()
        checkOutput()
    }

    /// A client that can't send commands connects with its first words, or none.
    package func connectUnidirectional(_ object: ByteBuffer?) {
        guard !isClosed else { return }
        clock.heard()
        do throws(SessionViolation) {
            guard case .waiting = state,
                case .connect(let connect)? = try object.map(context.parser.connectObject)
                    ?? .connect(SessionConnect())
            else {
                disconnect(.badRequest)
                return
            }
            begin(connect, id: nil)
        } catch {
            disconnect(error.disconnect)
        }
    }

    /// The line takes bytes again.
    package func writable() {
        // Who reads is alive, however far his answer to a ping is behind.
        clock.heard()
        output.writable()
    }

    /// Its way out; nil once it has ended.
    package var line: (any SessionLine)? { output.line }

    /// The line takes nothing until `writable()`.
    package func block() { output.block() }

    private func accept(_ command: SessionCommand) {
        guard !isClosed else { return }
        guard queue.count + running < context.configuration.maximumPendingCommands else {
            disconnect(.tooManyRequests)
            return
        }
        guard rate.take(now: .now()) else {
            if command.id > 0 { reply(command.id, .error(.tooManyRequests)) }
            return
        }
        queue.append(command)
    }

    /// Works the queue off, as far as nobody has to be waited for.
    private func proceed() {
        while !isBusy, !isClosed, let command = queue.popFirst() {
            switch (state, command.request) {
            case (.waiting, .connect(let connect)): begin(connect, id: command.id)
            case (.waiting, .invalid(let error)) where command.id > 0: reply(command.id, .error(error))
            case (.connected, .connect): disconnect(.badRequest)
            case (.connected, _): perform(command)
            case (.waiting, _), (.connecting, _), (.closed, _): disconnect(.badRequest)
            }
        }
    }

    // MARK: Connecting

    private func begin(_ connect: SessionConnect, id: UInt32?) {
        guard let hook = context.hooks.onConnect else {
            connected(connect, SessionConnectDecision(), id: id)
            return
        }
        state = .connecting
        let request = SessionConnectRequest(
            client: info.client ?? "",
            token: connect.token,
            data: connect.data,
            name: connect.name,
            version: connect.version
        )
        decide({
            let decision = try await hook(request)
            try SessionJSON.check(decision.info)
            if let data = decision.data { try SessionJSON.check(data) }
            return decision
        }) { [self] in
            switch $0 {
            case .success(let decision): connected(connect, decision, id: id)
            case .failure(.error(let error)):
                state = .waiting
                if let id {
                    reply(id, .error(error))
                } else {
                    disconnect(SessionDisconnect(code: 3500, reason: error.message))
                }
            case .failure(.disconnect(let reason)): disconnect(reason)
            }
        }
    }

    private func connected(_ connect: SessionConnect, _ decision: SessionConnectDecision, id: UInt32?) {
        state = .connected
        info.user = decision.user
        info.info = decision.info
        var result = SessionConnectResult(
            client: info.client ?? "",
            version: context.version,
            session: secret,
            node: context.node
        )
        result.data = decision.data
        result.ttl = decision.lifetime.map(SessionClock.seconds)
        result.pingSeconds = clock.pingSeconds
        result.wantsPong = clock.wantsPong && clock.pingSeconds > 0
        var begun: [SessionSubscription] = []
        // Who can't send subscribe commands names its channels when it connects; where the program decides on each, they
        // come after.
        let asksForAll = id == nil && context.hooks.onSubscribe == nil
        let asked = asksForAll ? connect.subscriptions.map(\.channel) : []
        for channel in decision.channels + asked where subscriptions[channel] == nil {
            let request = connect.subscriptions.first { $0.channel == channel } ?? SessionSubscribe(channel: channel)
            guard let (subscription, answer) = try? open(request, SessionSubscribeDecision(), isServerSide: true) else {
                disconnect(.channelLimit)
                return
            }
            result.subscriptions.append((channel, answer))
            begun.append(subscription)
        }
        if let id { reply(id, .connect(result)) } else { push(.connect(result)) }
        for subscription in begun { start(subscription) }
        if let lifetime = decision.lifetime { clock.expire(after: lifetime, target: self, shard: shard) }
        if let delay = clock.firstPing { shard.set(clock.timer, after: delay) } else { shard.cancel(clock.timer) }
        guard id == nil else { return }
        for request in connect.subscriptions where subscriptions[request.channel] == nil { subscribe(request, id: nil) }
    }

    // MARK: To the client

    func reply(_ id: UInt32, _ result: SessionReply.Result) {
        output.reply(SessionReply(id: id, result: result))
        checkOutput()
    }

    func push(_ push: SessionPush) {
        guard isConnected else { return }
        output.push(push)
        checkOutput()
    }

    private func checkOutput() {
        if output.isOverfull { disconnect(.slow) }
    }

    /// Ends the session with a reason that the client is told.
    package func disconnect(_ reason: SessionDisconnect) {
        guard !isClosed else { return }
        end(reason)
        output.close(reason)
    }

    /// The connection is gone.
    package func connectionLost() {
        guard !isClosed else { return }
        end(.connectionClosed)
        output.detach()
    }

    private func end(_ reason: SessionDisconnect) {
        let wasConnected = isConnected
        state = .closed
        queue = []
        shard.cancel(clock.timer)
        if let expiry = clock.expiry { shard.cancel(expiry) }
        context.registry.remove(self)
        for subscription in subscriptions.values { close(subscription) }
        subscriptions = [:]
        if wasConnected, let hook = context.hooks.onDisconnect {
            let client = SessionClient(self)
            Task { await hook(client, reason) }
        }
        let handler = onClosed
        onClosed = nil
        handler?()
    }

    // MARK: Decisions of the program

    /// Lets the program decide; later commands wait.
    func decide<Decision: Sendable>(
        _ hook: @escaping @Sendable () async throws -> Decision,
        then handler: @escaping (Result<Decision, SessionRefusal>) -> Void
    ) {
        isBusy = true
        SessionRefusal.run(on: shard.eventLoop, hook) { [self] result in
            isBusy = false
            guard !isClosed else { return }
            handler(result)
            proceed()
        }
    }

    /// Lets the program work on something that later commands don't wait for.
    func work<Decision: Sendable>(
        _ hook: @escaping @Sendable () async throws -> Decision,
        then handler: @escaping (Result<Decision, SessionRefusal>) -> Void
    ) {
        running += 1
        SessionRefusal.run(on: shard.eventLoop, hook) { [self] result in
            running -= 1
            if !isClosed { handler(result) }
        }
    }

    /// Says why something was refused.
    func refuse(_ id: UInt32?, _ refusal: SessionRefusal) {
        switch refusal {
        case .error(let error): if let id, id > 0 { reply(id, .error(error)) }
        case .disconnect(let reason): disconnect(reason)
        }
    }

    /// The connection is good for so long again.
    func prolong(_ lifetime: Duration?) {
        if let expiry = clock.expiry { shard.cancel(expiry) }
        if let lifetime { clock.expire(after: lifetime, target: self, shard: shard) }
    }
}

extension Session: WheelTimerTarget {
    package func timerFired(_ timer: WheelTimer) {
        if timer === clock.expiry {
            disconnect(.expired)
            return
        }
        switch state {
        case .waiting, .connecting: disconnect(.stale)
        case .closed: break
        case .connected:
            switch clock.tick(canPing: !output.isFull) {
            case .ping(let next):
                output.ping()
                shard.set(timer, after: next)
            case .wait(let next): shard.set(timer, after: next)
            case .dead: disconnect(.noPong)
            }
        }
    }
}
