import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// A session in an answer without end: lines, events, or a frame's scripts. What the client says afterwards comes by `/emulation`.
/// Belongs to one event loop.
final class SessionStream {
    private let connection: ByteConnection
    private let loop: ServerLoop
    private let coding: BodyCoding
    private let transport: TransportName
    private let timer = WheelTimer()
    private var session: Session?

    private init(connection: ByteConnection, loop: ServerLoop, coding: BodyCoding, transport: TransportName) {
        self.connection = connection
        self.loop = loop
        self.coding = coding
        self.transport = transport
        timer.target = self
    }

    /// Answers an exchange with a session.
    ///
    /// - Parameter words: The client's first: commands, or for one that sends no more, its connect object.
    static func start(
        _ exchange: HTTPExchange,
        _ kind: SessionCarrier.Kind,
        form: SessionCarrier.Form = .json,
        words: ByteBuffer?,
        isUnidirectional: Bool = false
    ) {
        let loop = exchange.loop
        let coding = exchange.bodyCoding
        guard let connection = exchange.stream(head(kind, form)) else { return }
        let stream = SessionStream(
            connection: connection,
            loop: loop,
            coding: coding,
            transport: transport(kind)
        )
        let session = Session(
            context: loop.context.sessions,
            shard: loop.shard,
            carrier: SessionCarrier(kind, form: form, isUnidirectional: isUnidirectional),
            coding: coding
        )
        stream.session = session
        connection.delegate = stream
        loop.context.metrics.connected(stream.transport)
        loop.shard.set(stream.timer, after: loop.configuration.heartbeat)
        session.attach(stream)
        if isUnidirectional {
            session.connectUnidirectional(words)
        } else if let words {
            session.receive(words)
        } else {
            session.disconnect(.badRequest)
        }
    }

    private static func head(_ kind: SessionCarrier.Kind, _ form: SessionCarrier.Form) -> HTTPResponse {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.accelBuffering] = "no"
        head.headerFields[.cacheControl] = "no-store"
        switch kind {
        case .lines, .webSocket:
            head.headerFields[.contentType] = form == .json ? "application/x-ndjson" : "application/octet-stream"
        case .eventStream:
            head.headerFields[.contentType] = "text/event-stream"
            head.headerFields[.cacheControl] = "no-cache, no-transform"
        case .iframe:
            head.headerFields[.contentType] = "text/html; charset=utf-8"
            head.headerFields[.contentSecurityPolicy] = "default-src 'none'; script-src 'unsafe-inline'"
            head.headerFields[.xContentTypeOptions] = "nosniff"
        }
        return head
    }

    private static func transport(_ kind: SessionCarrier.Kind) -> TransportName {
        switch kind {
        case .webSocket: .sessionWebSocket
        case .lines: .sessionStream
        case .eventStream: .sessionEventStream
        case .iframe: .sessionIframe
        }
    }
}

extension SessionStream: SessionLine {
    func send(_ bytes: ByteBuffer) -> OutboxState { connection.send(bytes) }

    func close(_ reason: SessionDisconnect, farewell: ByteBuffer) {
        var last = farewell
        coding.appendEnd(to: &last)
        connection.finish(last)
    }
}

extension SessionStream: ByteConnectionDelegate {
    /// What a client sends while it is being answered is of no interest.
    func received(_ bytes: ByteBuffer) {}

    func writable() { session?.writable() }

    func serverStops() { session?.disconnect(.shutdown) }

    func closed() {
        loop.shard.cancel(timer)
        loop.context.metrics.disconnected(transport)
        session?.connectionLost()
        session = nil
    }
}

extension SessionStream: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        if connection.isStalled {
            connection.abort()
        } else {
            loop.shard.set(timer, after: loop.configuration.heartbeat)
        }
    }
}
