import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One connection to a server: requests one after another, answers whole or as they arrive. Used by one task at a time.
final class HTTPConnection {
    /// The most bytes of an answer that only says why something was refused.
    private static let refusalBytes = 64 << 10

    private let channel: any Channel
    private let gate: NIOLoopBound<InboundGate>
    private let address: ServerAddress
    private let limits: ClientLimits
    /// What was taken from the gate and not yet looked at.
    private var parts: ArraySlice<ConnectionPart> = []
    /// Whether a request may follow the last answer (RFC 9112 §9.3).
    private(set) var isReusable = true

    private init(channel: any Channel, gate: NIOLoopBound<InboundGate>, address: ServerAddress, limits: ClientLimits) {
        self.channel = channel
        self.gate = gate
        self.address = address
        self.limits = limits
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Whether another request may be tried.
    var isOpen: Bool { channel.isActive && isReusable }

    func close() {
        isReusable = false
        channel.close(promise: nil)
    }

    // MARK: - Connecting

    /// Connects. Cancelling the task gives up at once.
    nonisolated(nonsending)
        static func open(
            to address: ServerAddress,
            limits: ClientLimits,
            group: any EventLoopGroup,
            onBufferedPeak: (@Sendable (Int) -> Void)? = nil
        ) async throws(ClientError) -> HTTPConnection
    {
        let attempt = ConnectAttempt()
        do {
            let channel = try await withTaskCancellationHandler {
                try await bootstrap(limits: limits, group: group, attempt: attempt, onBufferedPeak: onBufferedPeak)
                    .connect(host: address.host, port: address.port).get()
            } onCancel: {
                attempt.cancel()
            }
            let gate = try await channel.eventLoop.submit {
                NIOLoopBound(
                    try channel.pipeline.syncOperations.handler(type: InboundGate.self),
                    eventLoop: channel.eventLoop
                )
            }.get()
            return HTTPConnection(channel: channel, gate: gate, address: address, limits: limits)
        } catch {
            throw ClientError(
                .connectionFailed,
                "Can't connect to \(address.authority): \(Self.reason(error)). Is the server running there?",
                underlying: error
            )
        }
    }

    private static func bootstrap(
        limits: ClientLimits,
        group: any EventLoopGroup,
        attempt: ConnectAttempt,
        onBufferedPeak: (@Sendable (Int) -> Void)?
    ) -> ClientBootstrap {
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headBytes
        decoderLimits.maxHeaderListSize = limits.headBytes
        return ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(limits.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // So that one read is no more than the gate has asked for.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: InboundGate.readBytes))
            .channelInitializer { [decoderLimits] channel in
                attempt.began(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let encoder = HTTPRequestEncoder()
                    let decoder = ByteToMessageHandler(
                        HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoderLimits)
                    )
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(encoder, decoder)
                    try pipeline.addHandler(ResponseParts(codec: [encoder, decoder]))
                    try pipeline.addHandler(InboundGate(limit: limits.bufferedBytes, onPeak: onBufferedPeak))
                }
            }
    }

    /// The system's own words, where there are some.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "the name can't be resolved"
        case let error as IOError: systemWords(error.errnoCode)
        case ChannelError.connectTimeout(let amount): "no answer within \(Duration(amount))"
        default: "\(error)"
        }
    }

    private static func systemWords(_ code: CInt) -> String {
        strerror(code).map { String(cString: $0) } ?? "system error \(code)"
    }

    // MARK: - Requests

    /// Sends a request.
    nonisolated(nonsending)
        func send(_ request: Request) async throws(ClientError)
    {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: address.authority)
        headers.add(name: "User-Agent", value: "apus")
        for field in request.fields { headers.add(name: field.name, value: field.value) }
        if let body = request.body { headers.add(name: "Content-Length", value: "\(body.readableBytes)") }
        let head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.target, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body = request.body { channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil) }
        try await complete(channel.writeAndFlush(HTTPClientRequestPart.end(nil)))
    }

    /// Sends bytes, once the connection carries another protocol.
    nonisolated(nonsending)
        func send(_ bytes: ByteBuffer) async throws(ClientError)
    {
        try await complete(channel.writeAndFlush(bytes))
    }

    /// Sends bytes, and closes behind them.
    func sendAndClose(_ bytes: ByteBuffer) {
        let channel = channel
        isReusable = false
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }

    nonisolated(nonsending)
        private func complete(_ future: EventLoopFuture<Void>) async throws(ClientError)
    {
        do {
            // The kernel takes nothing while the server reads nothing, so this needs its time, too.
            try await wait(for: future, within: limits.answerTimeout)
        } catch let error as ClientError {
            throw error
        } catch {
            isReusable = false
            throw ClientError(.connectionFailed, "The connection was lost: \(error).", underlying: error)
        }
    }

    nonisolated(nonsending)
        private func wait(for future: EventLoopFuture<Void>, within duration: Duration) async throws
    {
        let channel = channel
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(duration)) { channel.close(promise: nil) }
        defer { timer.cancel() }
        try await withTaskCancellationHandler {
            try await future.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    // MARK: - Answers

    /// The next part of an answer; nil when the connection has ended in good order.
    ///
    /// - Parameters:
    ///   - duration: How long it may take.
    ///   - awaited: What the error says was waited for.
    nonisolated(nonsending)
        func part(within duration: Duration, awaiting awaited: String) async throws(ClientError) -> ConnectionPart?
    {
        if let part = parts.popFirst() { return part }
        let channel = channel
        let gate = gate
        do {
            parts = try await withTaskCancellationHandler {
                try await channel.eventLoop.flatSubmit {
                    gate.value.take(within: duration, awaiting: awaited, on: channel.eventLoop)
                }.get()[...]
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch let error as ClientError {
            close()
            throw error
        } catch {
            close()
            throw ClientError(.connectionFailed, "The connection was lost: \(error).", underlying: error)
        }
        return parts.popFirst()
    }

    /// The head of the answer.
    nonisolated(nonsending)
        func head(within duration: Duration) async throws(ClientError) -> HTTPResponseHead
    {
        switch try await part(within: duration, awaiting: "answer") {
        case .head(let head):
            isReusable = isReusable && head.isKeepAlive
            return head
        case nil: throw ClientError(.connectionFailed, "The server closed the connection without an answer.")
        case .bytes, .end: throw ClientError(.protocolViolation, "The server's answer has no head.")
        }
    }

    /// The rest of the answer.
    nonisolated(nonsending)
        func body(limit: Int) async throws(ClientError) -> ByteBuffer
    {
        var body = ByteBuffer()
        while true {
            switch try await part(within: limits.answerTimeout, awaiting: "more of its answer") {
            case .bytes(let bytes):
                guard body.readableBytes + bytes.readableBytes <= limit else {
                    close()
                    throw ClientError(.limitExceeded, "The server's answer is larger than \(limit) bytes.")
                }
                body.writeImmutableBuffer(bytes)
            case .end: return body
            case .head: throw ClientError(.protocolViolation, "The server answered twice.")
            case nil: throw ClientError(.connectionFailed, "The connection was lost in the middle of an answer.")
            }
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter wait: What the server may take beyond the usual.
    nonisolated(nonsending)
        func answer(to request: Request, wait: Duration = .zero) async throws(ClientError) -> Answer
    {
        try await send(request)
        let head = try await head(within: limits.answerTimeout + wait)
        return Answer(head: head, body: try await body(limit: limits.bodyBytes))
    }

    /// Reads the rest of a refusal.
    nonisolated(nonsending)
        func refusal(_ head: HTTPResponseHead) async throws(ClientError) -> ClientError
    {
        Answer(head: head, body: try await body(limit: Self.refusalBytes)).refusal
    }
}
