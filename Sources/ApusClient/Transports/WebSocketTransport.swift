import ApusCore
import ApusWire
import NIOCore
import NIOHTTP1

/// A WebSocket with the envelope (`spec/channels.md` §4.6).
final class WebSocketTransport: Transport {
    private static let subprotocol = "apus.envelope.v1"

    private let connection: HTTPConnection
    private let translation: ItemTranslation
    private let limits: ClientLimits
    private var machine: WebSocketConnectionMachine
    private var inflater: Inflater?
    private var heartbeat: Duration
    /// What was read before the stream counted as begun.
    private var first: TransportNews??

    private init(connection: HTTPConnection, request: TransportRequest, deflate: PermessageDeflate?) {
        self.connection = connection
        translation = request.translation
        limits = request.options.limits
        heartbeat = limits.heartbeat
        machine = WebSocketConnectionMachine(
            role: .client(maskingKey: Self.maskingKey),
            limits: WebSocketLimits(frameBytes: limits.lineBytes, messageBytes: limits.lineBytes),
            deflate: deflate
        )
    }

    /// From the system's random numbers, which can't be guessed (RFC 6455 §10.3).
    @Sendable private static func maskingKey() -> WebSocketMaskingKey {
        WebSocketMaskingKey(rawValue: .random(in: .min ... .max))
    }

    nonisolated(nonsending)
        static func open(_ request: TransportRequest) async throws(ClientError) -> WebSocketTransport
    {
        let connection = try await request.connect()
        let handshake = WebSocketClientHandshake(
            nonce: (.random(in: .min ... .max), .random(in: .min ... .max)),
            subprotocols: [subprotocol]
        )
        var get = Request(target: request.target([], since: request.since))
        get.fields = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", handshake.key),
            ("Sec-WebSocket-Version", "13"),
        ]
        if let value = handshake.protocolsHeader { get.fields.append(("Sec-WebSocket-Protocol", value)) }
        if let value = handshake.extensionsHeader { get.fields.append(("Sec-WebSocket-Extensions", value)) }
        try await connection.send(get)
        let head = try await connection.head(within: request.options.limits.answerTimeout)
        guard head.status == .switchingProtocols else {
            guard head.status.code >= 300 else {
                throw ClientError(
                    .protocolViolation,
                    "The server does not upgrade to a WebSocket; is it an Apus server?"
                )
            }
            throw try await connection.refusal(head)
        }
        let transport: WebSocketTransport
        do throws(WebSocketClientHandshake.Failure) {
            let agreement = try handshake.check(response(head))
            guard agreement.subprotocol == subprotocol else { throw .subprotocol(agreement.subprotocol ?? "none") }
            transport = WebSocketTransport(connection: connection, request: request, deflate: agreement.deflate)
        } catch {
            throw ClientError(
                .protocolViolation,
                "The server's WebSocket handshake is wrong: \(error).",
                underlying: error
            )
        }
        // The stream has begun when the server has said where: a cut before that begins at the new now, one after it does not.
        transport.first = .some(try await transport.read())
        return transport
    }

    private static func response(_ head: HTTPResponseHead) -> WebSocketClientHandshake.Response {
        func joined(_ name: String) -> String? {
            let values = head.headers[name]
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        return WebSocketClientHandshake.Response(
            status: Int(head.status.code),
            upgrade: joined("Upgrade"),
            connection: joined("Connection"),
            accept: joined("Sec-WebSocket-Accept"),
            subprotocol: joined("Sec-WebSocket-Protocol"),
            extensions: joined("Sec-WebSocket-Extensions")
        )
    }

    nonisolated(nonsending)
        func next() async throws(ClientError) -> TransportNews?
    {
        if let first {
            self.first = nil
            return first
        }
        return try await read()
    }

    /// Everything that is there, and at least a message, a gap, or where the stream begins; nil when the server has closed.
    nonisolated(nonsending)
        private func read() async throws(ClientError) -> TransportNews?
    {
        var news = TransportNews()
        var eventBytes = 0
        while eventBytes < limits.bufferedBytes {
            guard let action = machine.next(inflater: inflaterOnce) else {
                guard news.events.isEmpty, news.cursor == nil else { return news }
                let silence = limits.silence(heartbeat: heartbeat)
                switch try await connection.part(within: silence, awaiting: "sign of life") {
                case .bytes(let bytes): machine.receive(bytes)
                case .head, .end: throw ClientError(.protocolViolation, "The server went back to HTTP on a WebSocket.")
                case nil: throw ClientError(.connectionFailed, "The connection was lost without a close frame.")
                }
                continue
            }
            switch action {
            case .text(let text):
                try read(text, &news)
                eventBytes += text.readableBytes
            case .binary: throw ClientError(.protocolViolation, "The server sent bytes where the envelope is text.")
            case .ping(_, let answer): try await connection.send(answer)
            case .pong: break
            case .closed(let payload, let answer):
                if let answer { connection.sendAndClose(answer) }
                guard news.events.isEmpty, news.cursor == nil else { return news }
                return try end(payload)
            case .failed(let violation, let answer):
                if let answer { connection.sendAndClose(answer) }
                throw Self.error(violation)
            }
        }
        return news
    }

    func close() {
        switch machine.close(code: .normal) {
        case .send(let frame): connection.sendAndClose(frame)
        case .none: connection.close()
        }
    }

    private func read(_ text: ByteBuffer, _ news: inout TransportNews) throws(ClientError) {
        let item: EnvelopeItem
        do throws(MessageFormError) {
            item = try EnvelopeItemParser.item(text)
        } catch {
            throw ItemTranslation.violation("A message of the server can't be read: \(error).", error)
        }
        switch item {
        case .item(let item):
            let event = try translation.event(item)
            news.events.append(event)
            news.cursor = event.cursor
        case .hello(_, let heartbeatSeconds, let cursor):
            news.cursor = try translation.cursor(cursor)
            if heartbeatSeconds > 0 { heartbeat = .seconds(heartbeatSeconds) }
        // Nothing is published here.
        case .published, .refused, .unknown: break
        }
    }

    /// What a close frame means: most say that the server stops, or wants the client back later.
    private func end(_ payload: WebSocketClosePayload) throws(ClientError) -> TransportNews? {
        guard payload.code == .policyViolation else { return nil }
        throw ClientError(.refused, "The server closed the WebSocket (1008). \(payload.reason)")
    }

    private static func error(_ violation: WebSocketViolation) -> ClientError {
        if case .messageTooLarge(let limit) = violation {
            return ClientError(.limitExceeded, "A message of the server is larger than \(limit) bytes.")
        }
        if case .frameTooLarge(let limit) = violation {
            return ClientError(.limitExceeded, "A frame of the server is larger than \(limit) bytes.")
        }
        return ItemTranslation.violation("The server breaks the WebSocket protocol: \(violation.reason).", violation)
    }

    private func inflaterOnce() throws(DeflateFailure) -> Inflater {
        if let inflater { return inflater }
        let inflater = try Inflater()
        self.inflater = inflater
        return inflater
    }
}
