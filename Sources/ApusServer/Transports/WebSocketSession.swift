import ApusCore
import ApusHub
import ApusWire
import NIOCore

/// One WebSocket: it carries out what its machine says, and is the outbox of its subscriber. Belongs to one event loop.
final class WebSocketSession {
    /// What is done with the messages that the client sends.
    enum Use {
        /// They are published.
        case channels(WebSocketPublisher)
        /// They go back as they came.
        case echo
    }

    /// How long a client may take to answer a close frame.
    private static let closeTime: Duration = .seconds(5)
    /// After how many heartbeats without a sign of life a client is given up.
    private static let missedHeartbeats = 2

    private let connection: ByteConnection
    private let loop: ServerLoop
    private let use: Use
    private let timer = WheelTimer()
    private var machine: WebSocketConnectionMachine
    private var subscriber: StreamSubscriber?
    /// Heartbeats since the client was last heard of.
    private var silentHeartbeats = 0
    /// The answer to the latest ping, while the socket takes nothing: earlier ones need no answer any more (RFC 6455 §5.5.3).
    private var pendingPong: ByteBuffer?
    private var isClosing = false

    init(connection: ByteConnection, loop: ServerLoop, deflate: PermessageDeflate?, use: Use) {
        self.connection = connection
        self.loop = loop
        self.use = use
        let limits = WebSocketLimits(
            frameBytes: loop.configuration.maximumFrameBytes,
            messageBytes: loop.configuration.hub.maximumMessageBytes
        )
        machine = WebSocketConnectionMachine(role: .server, limits: limits, deflate: deflate)
        timer.target = self
        connection.delegate = self
        loop.context.metrics.connected(.webSocket)
        loop.shard.set(timer, after: loop.configuration.heartbeat)
    }

    /// Begins to send what comes on its channels.
    func begin(_ subscriber: StreamSubscriber) {
        self.subscriber = subscriber
        subscriber.start()
    }

    // MARK: From the client

    private func perform(_ action: WebSocketConnectionMachine.Action) {
        switch action {
        case .text(let text): take(text, isText: true)
        case .binary(let bytes): take(bytes, isText: false)
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

    private func take(_ data: ByteBuffer, isText: Bool) {
        switch use {
        case .echo: echo(data, isText: isText)
        case .channels(let publisher):
            switch publisher.publish(data, isText: isText) {
            case .done: break
            case .answer(let answer): reply(answer)
            case .close(let code, let reason): close(code, reason)
            }
        }
    }

    private func echo(_ data: ByteBuffer, isText: Bool) {
        var frame = ByteBuffer()
        WebSocketFrameWriter.append(opcode: isText ? .text : .binary, payload: data, to: &frame)
        reply(frame)
    }

    /// Answers a client; one that sends without reading what it is answered is made to wait by its own socket.
    private func reply(_ frame: ByteBuffer) {
        if connection.send(frame) == .full { connection.stopReading() }
    }

    private func close(_ code: WebSocketCloseCode, _ reason: String) {
        guard case .send(let frame) = machine.close(code: code, reason: reason) else { return }
        isClosing = true
        subscriber?.cancel()
        subscriber = nil
        _ = connection.send(frame)
        loop.shard.set(timer, after: Self.closeTime)
    }
}

extension WebSocketSession: Outbox {
    func send(_ bytes: ByteBuffer) -> OutboxState {
        machine.canSend ? connection.send(bytes) : .full
    }

    func end(_ reason: StreamEnd) {
        switch reason {
        case .gap(let notice):
            close(
                WebSocketFraming.gapCode,
                "gap: \(notice.gap.reason.rawValue); connect with since=start or since=now to go on"
            )
        case .stopping: close(.goingAway, "the server stops; connect again")
        }
    }
}

extension WebSocketSession: ByteConnectionDelegate {
    func received(_ bytes: ByteBuffer) {
        silentHeartbeats = 0
        machine.receive(bytes)
        while let action = machine.next(inflater: { () throws(DeflateFailure) in try loop.inflater() }) {
            perform(action)
        }
    }

    func writable() {
        if let pong = pendingPong {
            pendingPong = nil
            _ = connection.send(pong)
        }
        connection.startReading()
        if !connection.isFull { subscriber?.writable() }
    }

    func serverStops() { end(.stopping) }

    func closed() {
        loop.shard.cancel(timer)
        loop.context.metrics.disconnected(.webSocket)
        _ = machine.connectionLost()
        subscriber?.cancel()
        subscriber = nil
    }
}

extension WebSocketSession: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        if isClosing || connection.isStalled {
            connection.abort()
            return
        }
        guard silentHeartbeats <= Self.missedHeartbeats else {
            // Dead, or as good as dead: nobody will answer a close frame.
            if case .send(let frame) = machine.close(code: .goingAway, reason: "no answer to pings") {
                connection.finish(frame)
            }
            return
        }
        silentHeartbeats += 1
        loop.shard.set(timer, after: loop.configuration.heartbeat)
        guard !connection.isFull, let ping = machine.ping() else { return }
        _ = connection.send(ping)
    }
}
