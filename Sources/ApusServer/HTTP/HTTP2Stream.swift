import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore
import NIOHTTP2

/// One HTTP/2 stream: a request and its answer, or the bytes of what the answer became. Belongs to one event loop.
///
/// It is its channel's only handler. NIO keeps the stream's window; when too much waits for it, the channel is not writable.
final class HTTP2Stream: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State {
        /// The request's head has not come. To `.request`.
        case opened
        /// There is no answer yet. To `.answering` or `.carrying`.
        case request(Request)
        /// The answer's head is out, and this is what is left of its body. To `.answered`.
        case answering(ByteBuffer)
        /// The answer has no end yet: a stream, or a WebSocket. To `.answered`.
        case carrying
        /// `END_STREAM` is sent.
        case answered
        case closed
    }

    private struct Request {
        let exchange: HTTPExchange
        let isHead: Bool
        var body: Body
    }

    private enum Body {
        /// Nobody has asked for it yet.
        case unclaimed(ByteBuffer)
        case collecting(ByteBuffer, limit: Int, handler: (Result<ByteBuffer, ApusError>) -> Void)
        case complete(ByteBuffer)
        /// It was too large, or took too long: what still comes is thrown away.
        case refused
    }

    /// How much of a large answer is handed to NIO at a time, in bytes.
    private static let pieceBytes = 64 << 10
    /// How long a client may take to end its half after the answer has ended.
    private static let lingerTime: Duration = .seconds(2)

    private let loop: ServerLoop
    private let connection: HTTP2Connection
    private let isEncrypted: Bool
    private let timer = WheelTimer()
    private var state = State.opened
    private var context: ChannelHandlerContext?
    /// What the answer became, until the stream is gone.
    private var carried: ByteConnection?
    /// Whether the connection counts it.
    private var isCounted = false
    /// Whether `END_STREAM` has left for the socket.
    private var isEndWritten = false
    /// Whether the client has ended its half.
    private var isRemoteEnded = false

    init(loop: ServerLoop, connection: HTTP2Connection, isEncrypted: Bool) {
        self.loop = loop
        self.connection = connection
        self.isEncrypted = isEncrypted
        timer.target = self
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        let old = state
        state = .closed
        if isCounted { connection.closeStream() }
        loop.shard.cancel(timer)
        switch old {
        case .request(let request): request.exchange.closed()
        case .opened, .answering, .carrying, .answered, .closed: break
        }
        let carried = carried
        self.carried = nil
        carried?.becomeClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The client has reset the stream, or broken it; the connection goes on.
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        switch state {
        case .answering: sendBody()
        case .carrying: carried?.streamBecameWritable()
        case .opened, .request, .answered, .closed: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if case .opened = state {
                begin(frame)
            } else if frame.endStream {
                // Trailers say nothing here but that the body has ended (RFC 9113 §8.1).
                remoteEnded()
            }
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 { received(bytes) }
            if frame.endStream { remoteEnded() }
        case .alternativeService, .rstStream, .priority, .windowUpdate, .settings, .pushPromise, .ping, .goAway,
            .origin:
            break
        }
    }

    // MARK: The request

    private func begin(_ frame: HTTP2Frame.FramePayload.Headers) {
        isRemoteEnded = frame.endStream
        isCounted = connection.openStream()
        guard isCounted else {
            state = .answered
            // Nothing was done with it, so the client may ask again (RFC 9113 §8.7).
            write(.rstStream(.refusedStream))
            flush()
            return
        }
        let body: Body = frame.endStream ? .complete(ByteBuffer()) : .unclaimed(ByteBuffer())
        do throws(ApusError) {
            let request = try HTTP2RequestHead.request(
                frame.headers,
                isEncrypted: isEncrypted,
                maximumFields: loop.configuration.maximumHeadFields
            )
            let exchange = HTTPExchange(request: request, loop: loop, responder: self)
            state = .request(Request(exchange: exchange, isHead: request.method == .head, body: body))
            loop.context.handle(exchange)
        } catch {
            let answer = ProblemAnswer(error)
            send(
                HTTPResponse(status: answer.status, headerFields: answer.headerFields),
                body: answer.body,
                length: answer.body.readableBytes
            )
        }
    }

    private func received(_ bytes: ByteBuffer) {
        switch state {
        case .carrying: carried?.streamReceived(bytes)
        case .request(let request): receivedBody(bytes, request)
        case .opened, .answering, .answered, .closed: break
        }
    }

    private func receivedBody(_ bytes: ByteBuffer, _ old: Request) {
        var request = old
        switch request.body {
        case .unclaimed(var body):
            guard body.readableBytes + bytes.readableBytes <= loop.configuration.hub.maximumMessageBytes else {
                request.body = .refused
                state = .request(request)
                request.exchange.closed()
                request.exchange.refuse(ApusError(.messageTooLarge, "A body of this size was not expected."))
                return
            }
            body.writeImmutableBuffer(bytes)
            request.body = .unclaimed(body)
        case .collecting(var body, let limit, let handler):
            guard body.readableBytes + bytes.readableBytes <= limit else {
                request.body = .refused
                state = .request(request)
                handler(.failure(Self.tooLarge(limit)))
                return
            }
            body.writeImmutableBuffer(bytes)
            request.body = .collecting(body, limit: limit, handler: handler)
        case .complete, .refused: return
        }
        state = .request(request)
    }

    private func remoteEnded() {
        isRemoteEnded = true
        switch state {
        case .request(var request):
            switch request.body {
            case .unclaimed(let body):
                request.body = .complete(body)
                state = .request(request)
            case .collecting(let body, _, let handler):
                request.body = .complete(ByteBuffer())
                state = .request(request)
                loop.shard.cancel(timer)
                handler(.success(body))
            case .complete, .refused: break
            }
        case .carrying:
            // A WebSocket's client has closed its half, as TCP would say with FIN (RFC 8441 §5).
            carried?.finish()
        case .opened, .answering, .answered, .closed: break
        }
    }

    private static func tooLarge(_ limit: Int) -> ApusError {
        ApusError(.messageTooLarge, "The body has more than \(limit) bytes, the most that this server takes.")
    }

    // MARK: The answer

    /// Sends a whole answer, as far as the window allows for now.
    private func send(_ response: HTTPResponse, body: ByteBuffer, length: Int?) {
        let headers = HTTP2ResponseHead.headers(response, length: length, date: loop.date())
        let isEmpty = body.readableBytes == 0
        state = isEmpty ? .answered : .answering(body)
        write(.headers(.init(headers: headers, endStream: isEmpty)))
        if isEmpty {
            flush()
            ended()
        } else {
            sendBody()
        }
    }

    private func sendBody() {
        guard let channel = context?.channel else { return }
        while case .answering(var rest) = state {
            guard channel.isWritable else {
                loop.shard.set(timer, after: loop.configuration.stallTimeout)
                flush()
                return
            }
            guard let piece = rest.readSlice(length: min(Self.pieceBytes, rest.readableBytes)) else { return }
            let isLast = rest.readableBytes == 0
            state = isLast ? .answered : .answering(rest)
            write(.data(.init(data: .byteBuffer(piece), endStream: isLast)), tellsEnd: isLast)
        }
        flush()
    }

    private func write(_ payload: HTTP2Frame.FramePayload, tellsEnd: Bool = false) {
        guard let context else { return }
        guard tellsEnd else {
            context.write(wrapOutboundOut(payload), promise: nil)
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.futureResult.whenSuccess { this.value.ended() }
        loop.shard.set(timer, after: loop.configuration.stallTimeout)
        context.write(wrapOutboundOut(payload), promise: promise)
    }

    private func flush() {
        context?.flush()
    }

    /// `END_STREAM` has left. A client that still sends is told that nobody listens (RFC 9113 §8.1).
    private func ended() {
        guard case .answered = state else { return }
        isEndWritten = true
        if isRemoteEnded {
            loop.shard.cancel(timer)
        } else {
            loop.shard.set(timer, after: Self.lingerTime)
        }
    }
}

// MARK: - What the answer became

extension HTTP2Stream {
    /// Whether what is waiting for the stream's window, or for the socket, is little.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ bytes: ByteBuffer) {
        guard case .carrying = state, bytes.readableBytes > 0 else { return }
        write(.data(.init(data: .byteBuffer(bytes))))
        flush()
    }

    /// Sends the last bytes, and `END_STREAM` with them.
    func finish(_ bytes: ByteBuffer) {
        guard case .carrying = state else { return }
        state = .answered
        write(.data(.init(data: .byteBuffer(bytes), endStream: true)), tellsEnd: true)
        flush()
    }

    private func carry(_ response: HTTPResponse) -> ByteConnection? {
        guard case .request = state, let context else { return nil }
        loop.shard.cancel(timer)
        write(.headers(.init(headers: HTTP2ResponseHead.headers(response, length: nil, date: loop.date()))))
        flush()
        let bytes = ByteConnection(channel: context.channel, stream: self, loop: loop)
        loop.opened(bytes)
        carried = bytes
        state = .carrying
        return bytes
    }
}

extension HTTP2Stream: HTTPResponder {
    /// HTTP/2 can all that HTTP/1.1 can.
    var isHTTP11: Bool { true }

    var bodyCoding: BodyCoding { .identity }

    func collectBody(limit: Int, _ handler: @escaping (Result<ByteBuffer, ApusError>) -> Void) {
        guard case .request(var request) = state else { return }
        switch request.body {
        case .collecting, .refused: break
        case .complete(let body):
            handler(body.readableBytes <= limit ? .success(body) : .failure(Self.tooLarge(limit)))
        case .unclaimed(let body):
            let announced = request.exchange.request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
            guard announced <= limit, body.readableBytes <= limit else {
                request.body = .refused
                state = .request(request)
                handler(.failure(Self.tooLarge(limit)))
                return
            }
            request.body = .collecting(body, limit: limit, handler: handler)
            state = .request(request)
            loop.shard.set(timer, after: loop.configuration.bodyTimeout)
            if request.exchange.request.headerFields[.expect]?.lowercased() == "100-continue" {
                // RFC 9110 §10.1.1
                write(
                    .headers(
                        .init(
                            headers: HTTP2ResponseHead.headers(
                                HTTPResponse(status: .continue),
                                length: nil,
                                date: nil
                            )
                        )
                    )
                )
                flush()
            }
        }
    }

    func respond(_ response: HTTPResponse, body: ByteBuffer, length: Int?) {
        guard case .request(let request) = state else { return }
        let hasBody = response.status != .noContent && response.status != .notModified
        send(response, body: request.isHead || !hasBody ? ByteBuffer() : body, length: hasBody ? length : nil)
    }

    func stream(_ response: HTTPResponse) -> ByteConnection? {
        carry(response)
    }

    /// RFC 8441 §5: no switch of protocols, but success, and no proof of having read the key.
    func acceptWebSocket(_ fields: HTTPFields) -> ByteConnection? {
        var response = HTTPResponse(status: .ok)
        response.headerFields = fields
        return carry(response)
    }
}

extension HTTP2Stream: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        switch state {
        case .request(var request):
            guard case .collecting(_, _, let handler) = request.body else { return }
            request.body = .refused
            state = .request(request)
            handler(.failure(ApusError(.requestTimeout, "The request's body did not arrive in time.")))
        case .answering: context?.close(promise: nil)
        case .answered:
            guard isEndWritten else {
                context?.close(promise: nil)
                return
            }
            // The answer is whole, and nobody listens any more (RFC 9113 §8.1).
            write(.rstStream(.noError))
            flush()
        case .opened, .carrying, .closed: break
        }
    }
}
