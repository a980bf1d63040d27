import ApusCore
import ApusTestSupport
import ApusWire
import NIOCore

/// A WebSocket client for tests that can also misbehave.
actor WebSocketClient {
    /// What comes from the server.
    enum Message: Hashable, Sendable {
        case text(String)
        case binary([UInt8])
        case ping
        case pong([UInt8])
        /// A close frame.
        case closed(UInt16?, String)
        /// The connection ended without one.
        case lost
    }

    private static let maskingKey = WebSocketMaskingKey(rawValue: 0x1234_5678)

    private let socket: RawSocket
    private let deflate: PermessageDeflate?
    private var machine: WebSocketConnectionMachine
    private var messages: [Message] = []
    private var taken = 0
    private var answersPings: Bool
    private let inflater: Inflater
    /// The server's answer to the handshake.
    let head: HTTPResponseText

    /// - Parameter firstBytes: sent in the same segment as the handshake.
    init(
        _ request: SubscriberRequest,
        path: String,
        subprotocols: [String] = [],
        offersDeflate: Bool = false,
        answersPings: Bool = true,
        firstBytes: [UInt8] = [],
        on socket: RawSocket? = nil
    ) async throws {
        let opened: RawSocket
        if let socket { opened = socket } else { opened = try await request.socket() }
        self.socket = opened
        self.answersPings = answersPings
        inflater = try Inflater()
        let handshake = WebSocketClientHandshake(
            nonce: (0x0102_0304_0506_0708, 0x1112_1314_1516_1718),
            subprotocols: subprotocols,
            offersDeflate: offersDeflate
        )
        var fields = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: \(handshake.key)",
        ]
        if let header = handshake.protocolsHeader { fields.append("Sec-WebSocket-Protocol: \(header)") }
        if let header = handshake.extensionsHeader { fields.append("Sec-WebSocket-Extensions: \(header)") }
        try await opened.write(Array(request.head(path, fields).utf8) + firstBytes)
        let head = try await opened.readResponseHead(within: .seconds(30))
        self.head = head
        guard head.status == 101 else { throw UnexpectedStatus(head) }
        let agreement = try handshake.check(
            WebSocketClientHandshake.Response(
                status: head.status,
                upgrade: head["Upgrade"],
                connection: head["Connection"],
                accept: head["Sec-WebSocket-Accept"],
                subprotocol: head["Sec-WebSocket-Protocol"],
                extensions: head["Sec-WebSocket-Extensions"]
            )
        )
        deflate = agreement.deflate
        machine = WebSocketConnectionMachine(
            role: .client { Self.maskingKey },
            limits: WebSocketLimits(frameBytes: 16 << 20, messageBytes: 16 << 20),
            deflate: agreement.deflate
        )
    }

    // MARK: Sending

    func send(_ text: String) async throws { try await send(.text, Array(text.utf8)) }

    func send(
        _ opcode: WebSocketOpcode,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        rsv1: Bool = false
    ) async throws {
        try await socket.write(Self.frame(opcode, payload, isFinal: isFinal, rsv1: rsv1))
    }

    /// Bytes as they stand.
    func write(_ bytes: [UInt8], within duration: Duration = .seconds(10)) async throws {
        try await socket.write(bytes, within: duration)
    }

    static func frame(
        _ opcode: WebSocketOpcode,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        rsv1: Bool = false
    ) -> [UInt8] {
        var frame = ByteBuffer()
        WebSocketFrameWriter.append(
            opcode: opcode,
            payload: ByteBuffer(bytes: payload),
            isFinal: isFinal,
            rsv1: rsv1,
            mask: maskingKey,
            to: &frame
        )
        return Array(frame.readableBytesView)
    }

    // MARK: Receiving

    /// The next thing that comes; pings have been answered, unless this client does not.
    func next(within duration: Duration = .seconds(30)) async throws -> Message {
        while taken == messages.count {
            messages = []
            taken = 0
            let bytes: [UInt8]
            do {
                bytes = try await socket.readSome(within: duration)
            } catch is ConnectionEnded {
                return .lost
            }
            guard !bytes.isEmpty else { return .lost }
            machine.receive(ByteBuffer(bytes: bytes))
            while let action = machine.next(inflater: { () throws(DeflateFailure) in inflater }) {
                try await perform(action)
            }
        }
        taken += 1
        return messages[taken - 1]
    }

    /// The next thing but pings and pongs.
    func nextMessage(within duration: Duration = .seconds(30)) async throws -> Message {
        while true {
            switch try await next(within: duration) {
            case .ping, .pong: continue
            case let message: return message
            }
        }
    }

    /// The close frame's code; messages before it are passed over. Nil for a close frame without one.
    func closeCode(within duration: Duration = .seconds(30)) async throws -> UInt16? {
        while true {
            switch try await next(within: duration) {
            case .closed(let code, _): return code
            case .lost: throw WireViolation(reason: "no close frame", text: "")
            case .text, .binary, .ping, .pong: continue
            }
        }
    }

    private func perform(_ action: WebSocketConnectionMachine.Action) async throws {
        switch action {
        case .text(let text): messages.append(.text(String(buffer: text)))
        case .binary(let bytes): messages.append(.binary(Array(bytes.readableBytesView)))
        case .ping(_, let answer):
            messages.append(.ping)
            if answersPings { try await reply(answer) }
        case .pong(let payload): messages.append(.pong(Array(payload.readableBytesView)))
        case .closed(let payload, let answer):
            messages.append(.closed(payload.code?.rawValue, payload.reason))
            if let answer { try await reply(answer) }
        case .failed(let violation, _):
            throw WireViolation(reason: "the server broke RFC 6455", text: "\(violation)")
        }
    }

    /// An answer to a server that may be gone already.
    private func reply(_ frame: ByteBuffer) async throws {
        do {
            try await socket.write(Array(frame.readableBytesView))
        } catch is ChannelError {
        } catch is IOError {}
    }

    // MARK: Misbehaving

    func reset() async throws { try await socket.reset() }
    func pauseReading() async throws { try await socket.pauseReading() }
    func resumeReading() async throws { try await socket.resumeReading() }
    func finishWriting() async throws { try await socket.finishWriting() }
    func readToEnd() async throws -> [UInt8] { try await socket.readToEnd() }
}
