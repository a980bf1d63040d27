import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// A session on a WebSocket. Belongs to one event loop.
final class SessionWebSocket {
    /// The subprotocols' names; clients that offer none mean the first, unless their query says otherwise.
    private static let json = "centrifuge-json"
    private static let protobuf = "centrifuge-protobuf"
    /// How long a client may take to answer a close frame.
    private static let closeTime: Duration = .seconds(5)

    private let connection: ByteConnection
    private let loop: ServerLoop
    private let isUnidirectional: Bool
    private let form: SessionCarrier.Form
    private let timer = WheelTimer()
    private var machine: WebSocketConnectionMachine
    private var session: Session?
    /// The answer to the latest ping, while the socket takes nothing: earlier ones need no answer any more (RFC 6455 §5.5.3).
    private var pendingPong: ByteBuffer?
    private var isClosing = false

    private init(
        connection: ByteConnection,
        loop: ServerLoop,
        deflate: PermessageDeflate?,
        isUnidirectional: Bool,
        form: SessionCarrier.Form
    ) {
        self.form = form
        self.connection = connection
        self.loop = loop
        self.isUnidirectional = isUnidirectional
        let largest = loop.configuration.sessions.maximumCommandBytes
        machine = WebSocketConnectionMachine(
            role: .server,
            limits: WebSocketLimits(frameBytes: largest, messageBytes: largest),
            deflate: deflate
        )
        timer.target = self
    }

    /// Accepts a handshake, and begins a session.
    ///
    /// - Parameter connect: The connect object of a client that sends nothing; else its first message is that.
    /// - Throws: `ApusError` with codes `badHandshake`, `upgradeRequired`.
    static func start(
        _ exchange: HTTPExchange,
        connect: ByteBuffer?,
        isUnidirectional: Bool,
        form asked: SessionCarrier.Form = .json
    ) throws(ApusError) {
        let loop = exchange.loop
        guard exchange.isUpgrade else {
            throw ApusError(.upgradeRequired, "This is a WebSocket; it answers to a handshake only (RFC 6455 §4.1).")
        }
        let known = isUnidirectional ? [json] : [json, protobuf]
        let handshake = try WebSocketUpgrade.handshake(exchange, subprotocols: known)
        let form: SessionCarrier.Form = handshake.subprotocol == protobuf ? .protobuf : asked
        guard let connection = WebSocketUpgrade.accept(exchange, handshake) else { return }
        let socket = SessionWebSocket(
            connection: connection,
            loop: loop,
            deflate: handshake.deflate,
            isUnidirectional: isUnidirectional,
            form: form
        )
        let session = Session(
            context: loop.context.sessions,
            shard: loop.shard,
            carrier: SessionCarrier(
                .webSocket,
                form: form,
                isUnidirectional: isUnidirectional,
                deflater: handshake.deflate.flatMap { loop.deflater(windowBits: $0.serverMaxWindowBits) }
            ),
            coding: .identity
        )
        socket.session = session
        connection.delegate = socket
        loop.context.metrics.connected(.sessionWebSocket)
        loop.shard.set(socket.timer, after: loop.configuration.heartbeat)
        session.attach(socket)
        if let connect { session.connectUnidirectional(connect) }
    }

    // MARK: From the client

    private func perform(_ action: WebSocketConnectionMachine.Action) {
        switch action {
        // Text is of the one form, bytes are of the other.
        case .text(let text): if form == .json { take(text) } else { session?.disconnect(.inappropriateProtocol) }
        case .binary(let bytes):
            if form == .protobuf { take(bytes) } else { session?.disconnect(.inappropriateProtocol) }
        case .ping(_, let answer):
            if connection.isFull {
                pendingPong = answer
            } else {
                _ = connection.send(answer)
            }
        case .pong: break
        case .closed(_, let answer): connection.finish(answer ?? ByteBuffer())
        case .failed(let violation, let answer):
            loop.context.metrics.violated(violation.closeCode)
            connection.finish(answer ?? ByteBuffer())
        }
    }

    private func take(_ text: ByteBuffer) {
        guard let session else { return }
        if !isUnidirectional {
            session.receive(text)
        } else if session.isWaiting {
            session.connectUnidirectional(text.readableBytes > 0 ? text : nil)
        }
    }
}

extension SessionWebSocket: SessionLine {
    func send(_ bytes: ByteBuffer) -> OutboxState {
        machine.canSend ? connection.send(bytes) : .full
    }

    func close(_ reason: SessionDisconnect, farewell: ByteBuffer) {
        session = nil
        let asked = WebSocketCloseCode(rawValue: reason.code)
        // A program may name any number; not every one may stand in a close frame.
        let code = asked.isAllowedInFrame ? asked : .init(rawValue: SessionDisconnect.serverError.code)
        guard case .send(let frame) = machine.close(code: code, reason: reason.reason) else { return }
        isClosing = true
        var last = farewell
        last.writeImmutableBuffer(frame)
        _ = connection.send(last)
        loop.shard.set(timer, after: Self.closeTime)
    }
}

extension SessionWebSocket: ByteConnectionDelegate {
    func received(_ bytes: ByteBuffer) {
        machine.receive(bytes)
        while let action = machine.next(inflater: { () throws(DeflateFailure) in try loop.inflater() }) {
            perform(action)
        }
        // A client that sends without reading what it is answered is made to wait by its own socket.
        if connection.isFull { connection.stopReading() }
    }

    func writable() {
        if let pong = pendingPong {
            pendingPong = nil
            _ = connection.send(pong)
        }
        connection.startReading()
        if !connection.isFull { session?.writable() }
    }

    func serverStops() { session?.disconnect(.shutdown) }

    func closed() {
        loop.shard.cancel(timer)
        loop.context.metrics.disconnected(.sessionWebSocket)
        _ = machine.connectionLost()
        session?.connectionLost()
        session = nil
    }
}

extension SessionWebSocket: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        if isClosing || connection.isStalled {
            connection.abort()
        } else {
            loop.shard.set(timer, after: loop.configuration.heartbeat)
        }
    }
}
