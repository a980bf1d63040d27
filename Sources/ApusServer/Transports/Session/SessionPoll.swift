import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// A session whose replies and pushes are fetched, request by request. Belongs to one event loop.
///
/// Between two polls its line is full, so its subscriptions lag as any slow subscriber's do; a poll makes it take more.
final class SessionPoll {
    /// A request that waits for its answer, on whichever loop its connection lives.
    struct Waiter {
        /// By which it is known when its client goes away.
        let number: UInt64
        let answer: @Sendable (ByteBuffer) -> Void
    }

    private let loop: ServerLoop
    private let timer = WheelTimer()
    private var session: Session?
    private var waiter: Waiter?
    /// What the next answer holds so far.
    private var collected = ByteBuffer()
    private var isAnswerDue = false

    private init(loop: ServerLoop) {
        self.loop = loop
        timer.target = self
    }

    // MARK: Requests

    /// Answers a request: a first one, with commands, or one for a session.
    static func answer(_ exchange: HTTPExchange, body: ByteBuffer, waits: Bool) {
        guard let upstream = try? SessionUpstream(body) else {
            begin(exchange, commands: body)
            return
        }
        do throws(ApusError) {
            let entry = try EmulationEndpoint.find(upstream, exchange)
            let waiter = waiter(for: exchange, entry)
            let commands = upstream.commands
            let lost = waiter.number
            let refusal = NIOLoopBound(exchange, eventLoop: exchange.loop.eventLoop)
            let eventLoop = exchange.loop.eventLoop
            entry.eventLoop.execute {
                guard let poll = entry.session.value.line as? SessionPoll else {
                    eventLoop.execute { refusal.value.refuse(Self.notPolled) }
                    return
                }
                poll.poll(commands, waiter: waiter, waits: waits)
            }
            exchange.onClosed = {
                entry.eventLoop.execute { (entry.session.value.line as? SessionPoll)?.waiterLost(lost) }
            }
        } catch {
            exchange.refuse(error)
        }
    }

    private static let notPolled = ApusError(
        .badRequest,
        "This session is on another transport; send to /emulation, or connect here."
    )

    private static func begin(_ exchange: HTTPExchange, commands: ByteBuffer) {
        let loop = exchange.loop
        guard loop.context.sessions.registry.count < loop.configuration.sessions.maximumSessions else {
            exchange.refuse(
                ApusError(.tooManyConnections, "The server holds as many sessions as it may; try again later.")
            )
            return
        }
        let poll = SessionPoll(loop: loop)
        let session = Session(
            context: loop.context.sessions,
            shard: loop.shard,
            carrier: SessionCarrier(.lines),
            coding: .identity,
            pings: false
        )
        poll.session = session
        loop.context.metrics.connected(.sessionPoll)
        session.onClosed = { [weak poll] in poll?.sessionClosed() }
        session.attach(poll)
        let waiter = waiter(for: exchange, nil)
        exchange.onClosed = { [weak poll] in poll?.waiterLost(waiter.number) }
        // The answer to the connect command is worth waiting for on every transport.
        poll.poll(commands, waiter: waiter, waits: true)
    }

    private static func waiter(for exchange: HTTPExchange, _ entry: SessionRegistry.Entry?) -> Waiter {
        let eventLoop = exchange.loop.eventLoop
        let bound = NIOLoopBound(exchange, eventLoop: eventLoop)
        return Waiter(number: .random(in: 0 ... .max)) { bytes in
            let respond = { @Sendable in
                var head = HTTPResponse(status: .ok)
                head.headerFields[.contentType] = "application/x-ndjson"
                head.headerFields[.cacheControl] = "no-store"
                bound.value.respond(head, body: bytes)
            }
            if eventLoop.inEventLoop { respond() } else { eventLoop.execute(respond) }
        }
    }

    // MARK: The session's loop

    private func poll(_ commands: ByteBuffer, waiter: Waiter, waits: Bool) {
        // Of two polls the client has given up the first.
        if self.waiter != nil { answer() }
        self.waiter = waiter
        loop.shard.set(timer, after: loop.configuration.longPollTimeout)
        guard let session else {
            answer()
            return
        }
        session.writable()
        if commands.readableBytes > 0 { session.receive(commands) }
        if !waits { answerSoon() }
    }

    /// Everything that is at hand goes along.
    private func answerSoon() {
        guard !isAnswerDue else { return }
        isAnswerDue = true
        loop.shard.afterLookingAtSockets { [self] in
            isAnswerDue = false
            answer()
        }
    }

    private func answer() {
        guard let waiter else { return }
        self.waiter = nil
        let bytes = collected
        collected = ByteBuffer()
        session?.block()
        loop.shard.set(timer, after: loop.configuration.sessions.pollTimeout)
        waiter.answer(bytes)
    }

    /// The client has hung up: what it was sent last may be lost, so it has to come back and say where it stands.
    private func waiterLost(_ number: UInt64) {
        guard waiter?.number == number else { return }
        waiter = nil
        session?.connectionLost()
    }

    private func sessionClosed() {
        guard session != nil else { return }
        session = nil
        loop.context.metrics.disconnected(.sessionPoll)
        loop.shard.cancel(timer)
    }
}

extension SessionPoll: SessionLine {
    func send(_ bytes: ByteBuffer) -> OutboxState {
        collected.writeImmutableBuffer(bytes)
        if waiter != nil { answerSoon() }
        return waiter != nil && collected.readableBytes < loop.configuration.hub.sliceBytes ? .ready : .full
    }

    func close(_ reason: SessionDisconnect, farewell: ByteBuffer) {
        collected.writeImmutableBuffer(farewell)
        answer()
        loop.shard.cancel(timer)
    }
}

extension SessionPoll: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        if waiter != nil {
            answer()
        } else {
            session?.connectionLost()
        }
    }
}
