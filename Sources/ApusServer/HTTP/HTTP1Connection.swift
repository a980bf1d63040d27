import ApusCore
import ApusHub
import ApusWire
import DequeModule
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// One HTTP/1.1 connection: requests one after another, until one of them becomes a stream or a WebSocket. Belongs to one event loop.
///
/// NIO's decoder stands before it; answers are written straight to the channel. When a stream begins, both leave the pipeline
/// to a `ByteConnection`, so that an idle subscriber costs one small handler.
final class HTTP1Connection: ChannelInboundHandler, RemovableChannelHandler, WheelTimerTarget {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum State {
        /// No request is under way. To `.request` with a head.
        case idle
        /// A request is under way. To `.idle` when both it and its answer are complete, to the others at any time.
        case request(HTTP1Request)
        /// The connection is a `ByteConnection`'s; parts that the decoder still gives are of no interest.
        case detached
        /// The last answer is written; what the client still sends is read and thrown away, so that it gets to read the answer.
        case lingering
        case closed
    }

    /// What a client may send ahead while an answer is outstanding.
    private static let maximumQueuedParts = 64
    /// How long a client may take to read the last answer.
    private static let lingerTime: Duration = .seconds(2)

    let loop: ServerLoop
    let isEncrypted: Bool
    let timer = WheelTimer()
    var state = State.idle
    var queue = Deque<HTTPServerRequestPart>()
    var context: ChannelHandlerContext?
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private var isFirstRequest = true
    /// Whether the client took too little of its answer while the idle time passed.
    private var isStalled = false
    var isStopping = false
    /// Who gets the connection once it is no longer HTTP.
    var successor: ByteConnection?

    /// - Parameter isEncrypted: Whether TLS stands between here and the socket.
    init(loop: ServerLoop, decoder: ByteToMessageHandler<HTTPRequestDecoder>, isEncrypted: Bool = false) {
        self.loop = loop
        self.isEncrypted = isEncrypted
        self.decoder = decoder
        timer.target = self
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.opened(self)
        loop.shard.set(timer, after: loop.configuration.headTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        becomeClosed()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isStalled = false
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch state {
        case .detached, .lingering, .closed: return
        case .idle: receive(part)
        case .request(let request):
            if case .complete = request.body {
                // A request that was sent ahead waits until the one before it is answered.
                guard queue.count < Self.maximumQueuedParts else {
                    context.close(promise: nil)
                    return
                }
                queue.append(part)
            } else {
                receive(part)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .detached, .lingering, .closed: break
        case .idle, .request:
            guard let error = error as? HTTPParserError else {
                context.close(promise: nil)
                return
            }
            refuseConnection(Self.refusal(of: error))
        }
    }

    private static func refusal(of error: HTTPParserError) -> ApusError {
        switch error {
        case .headerOverflow:
            ApusError(.headTooLarge, "The request's head is larger than this server reads.", underlying: error)
        default:
            ApusError(.badRequest, "This is no request as RFC 9112 has it: \(error).", underlying: error)
        }
    }

    // MARK: Requests

    private func receive(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): receiveBody(bytes)
        case .end: endRequest()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        guard case .idle = state else { return }
        loop.shard.cancel(timer)
        isFirstRequest = false
        if let error = HTTP1RequestCheck.violation(in: head) {
            refuseConnection(error)
            return
        }
        guard let method = HTTPRequest.Method(rawValue: head.method.rawValue) else {
            refuseConnection(ApusError(.badRequest, "The request's method is invalid."))
            return
        }
        // The target as it came: an absolute one names the authority that counts (RFC 9112 §3.2.2).
        let request = HTTPRequest(
            method: method,
            scheme: isEncrypted ? "https" : "http",
            authority: head.headers.first(name: "host"),
            path: head.uri,
            headerFields: HTTPFields(head.headers, splitCookie: false)
        )
        let exchange = HTTPExchange(request: request, loop: loop, responder: self)
        // A request for another protocol than WebSocket is answered in this one; NIO's decoder stops there, so the connection ends.
        let wantsUpgrade =
            head.method == .CONNECT
            || head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
        state = .request(
            HTTP1Request(
                exchange: exchange,
                isHTTP10: head.version == .http1_0,
                keepsAlive: head.isKeepAlive && !wantsUpgrade,
                expectsContinue: head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" },
                isHead: head.method == .HEAD,
                body: HTTP1RequestCheck.hasBody(head) ? .unclaimed(ByteBuffer()) : .complete
            )
        )
        loop.context.handle(exchange)
    }

    private func receiveBody(_ bytes: ByteBuffer) {
        guard case .request(var request) = state else { return }
        switch request.body {
        case .unclaimed(var body):
            guard body.readableBytes + bytes.readableBytes <= loop.configuration.hub.maximumMessageBytes else {
                refuseConnection(ApusError(.messageTooLarge, "A body of this size was not expected."))
                return
            }
            body.writeImmutableBuffer(bytes)
            request.body = .unclaimed(body)
            state = .request(request)
        case .collecting(var body, let limit, let handler):
            guard body.readableBytes + bytes.readableBytes <= limit else {
                request.body = .complete
                state = .request(request)
                handler(.failure(Self.tooLarge(limit)))
                return
            }
            state = .idle  // lets go of the body, so that it grows in place
            request.body = .complete
            body.writeImmutableBuffer(bytes)
            request.body = .collecting(body, limit: limit, handler: handler)
            state = .request(request)
        case .complete: break
        }
    }

    private func endRequest() {
        guard case .request(var request) = state else { return }
        switch request.body {
        case .unclaimed, .complete:
            request.body = .complete
            state = .request(request)
        case .collecting(let body, _, let handler):
            request.body = .complete
            state = .request(request)
            loop.shard.cancel(timer)
            handler(.success(body))
        }
    }

    static func tooLarge(_ limit: Int) -> ApusError {
        ApusError(.messageTooLarge, "The body has more than \(limit) bytes, the most that this server takes.")
    }

    /// The next request, if it was sent ahead.
    func takeQueued() {
        while case .idle = state, let part = queue.popFirst() {
            receive(part)
            while case .request(let request) = state, !queue.isEmpty {
                if case .complete = request.body { break }
                if let part = queue.popFirst() { receive(part) }
            }
        }
    }

    // MARK: The end

    /// Answers what can't be answered as a request, and ends the connection.
    private func refuseConnection(_ error: ApusError) {
        if case .request(let request) = state, !request.isAnswered { request.exchange.closed() }
        let answer = ProblemAnswer(error)
        let head = HTTPResponse(status: answer.status, headerFields: answer.headerFields)
        linger(after: write(head, body: answer.body, coding: .length(answer.body.readableBytes), connection: "close"))
    }

    /// Reads on for a while: closing with unread bytes would make the kernel reset the connection, and the client lose the answer
    /// (RFC 9112 §9.6).
    func linger(after answer: EventLoopFuture<Void>?) {
        state = .lingering
        queue = []
        loop.shard.set(timer, after: loop.configuration.stallTimeout)
        let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
        answer?.whenComplete { _ in this.value.answerWritten() }
    }

    private func answerWritten() {
        guard case .lingering = state else { return }
        context?.close(mode: .output, promise: nil)
        loop.shard.set(timer, after: Self.lingerTime)
    }

    private func becomeClosed() {
        let old = state
        state = .closed
        queue = []
        loop.shard.cancel(timer)
        loop.closed(self)
        if case .request(let request) = old {
            if !request.isAnswered { request.exchange.closed() }
        }
    }

    func timerFired(_ timer: WheelTimer) {
        switch state {
        case .idle:
            if isFirstRequest {
                refuseConnection(ApusError(.requestTimeout, "The request's head did not arrive in time."))
            } else if context?.channel.isWritable == false, !isStalled {
                // It is still reading a large answer; once more, and no further, if it takes nothing at all.
                isStalled = true
                loop.shard.set(timer, after: loop.configuration.stallTimeout)
            } else {
                context?.close(promise: nil)
            }
        case .request(var request):
            guard case .collecting(_, _, let handler) = request.body else { return }
            request.body = .complete
            state = .request(request)
            handler(.failure(ApusError(.requestTimeout, "The request's body did not arrive in time.")))
        case .lingering: context?.close(promise: nil)
        case .detached, .closed: break
        }
    }

    @discardableResult
    func write(
        _ response: HTTPResponse,
        body: ByteBuffer,
        coding: HTTP1ResponseHead.Body,
        connection: String?
    ) -> EventLoopFuture<Void>? {
        guard let context else { return nil }
        var buffer = context.channel.allocator.buffer(capacity: 384 + body.readableBytes)
        HTTP1ResponseHead.append(response, body: coding, date: loop.date(), connection: connection, to: &buffer)
        buffer.writeImmutableBuffer(body)
        return context.writeAndFlush(NIOAny(buffer))
    }
}

extension HTTP1Connection: ServerConnection {
    func stop() {
        isStopping = true
        switch state {
        case .idle: context?.close(promise: nil)
        case .request, .detached, .lingering, .closed: break
        }
    }

    func closeNow() {
        context?.close(promise: nil)
    }
}
