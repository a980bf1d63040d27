import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// A subscriber whose messages leave in an answer without end: what SSE, NDJSON, multipart and the iframe have in common.
/// Belongs to one event loop.
final class StreamSession {
    private let connection: ByteConnection
    private let loop: ServerLoop
    private let coding: BodyCoding
    private let transport: TransportName
    private let timer = WheelTimer()
    private var subscriber: StreamSubscriber?

    private init(connection: ByteConnection, loop: ServerLoop, coding: BodyCoding, transport: TransportName) {
        self.connection = connection
        self.loop = loop
        self.coding = coding
        self.transport = transport
        timer.target = self
    }

    /// Answers an exchange with a stream.
    static func start(
        _ exchange: HTTPExchange,
        channels: [ChannelName],
        since: Since,
        framing: some StreamFraming,
        head: HTTPResponse,
        transport: TransportName
    ) {
        let loop = exchange.loop
        let coding = exchange.bodyCoding
        // Everything that can be refused is, before the head is out.
        let place: SubscriptionPlace
        do throws(ApusError) {
            place = try loop.shard.place(for: channels, since: since)
        } catch {
            exchange.refuse(error)
            return
        }
        var head = head
        // Where it begins, for clients whose framing does not say it before the first message.
        if transport != .eventStream { head.headerFields[.apusCursor] = place.cursor }
        guard let connection = exchange.stream(head) else {
            loop.shard.abandon(place)
            return
        }
        let session = StreamSession(connection: connection, loop: loop, coding: coding, transport: transport)
        connection.delegate = session
        let subscriber = loop.shard.subscribe(
            at: place,
            encoding: WireEncoding(framing, coding: coding),
            outbox: session
        )
        session.subscriber = subscriber
        loop.context.metrics.connected(transport)
        loop.shard.set(session.timer, after: loop.configuration.heartbeat)
        subscriber.start()
    }
}

extension StreamSession: Outbox {
    func send(_ bytes: ByteBuffer) -> OutboxState { connection.send(bytes) }

    func end(_ reason: StreamEnd) {
        var last = ByteBuffer()
        coding.appendEnd(to: &last)
        connection.finish(last)
    }
}

extension StreamSession: ByteConnectionDelegate {
    /// What a client sends while it is being answered is of no interest.
    func received(_ bytes: ByteBuffer) {}

    func writable() { subscriber?.writable() }

    func serverStops() { end(.stopping) }

    func closed() {
        loop.shard.cancel(timer)
        loop.context.metrics.disconnected(transport)
        subscriber?.cancel()
        subscriber = nil
    }
}

extension StreamSession: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        if connection.isStalled {
            connection.abort()
            return
        }
        loop.shard.set(timer, after: loop.configuration.heartbeat)
        subscriber?.sendHeartbeat()
    }
}
