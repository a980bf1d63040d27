import ApusCore
import ApusHub
import ApusWire
import DequeModule
import HTTPTypes
import NIOCore

/// Answering: what an exchange asks of its connection.
extension HTTP1Connection: HTTPResponder {
    var isHTTP11: Bool {
        guard case .request(let request) = state else { return true }
        return !request.isHTTP10
    }

    var bodyCoding: BodyCoding {
        guard case .request(let request) = state else { return .identity }
        return request.isHTTP10 ? .identity : .chunked
    }

    func collectBody(limit: Int, _ handler: @escaping (Result<ByteBuffer, ApusError>) -> Void) {
        guard case .request(var request) = state else { return }
        switch request.body {
        case .complete: handler(.success(ByteBuffer()))
        case .collecting: break
        case .unclaimed(let body):
            let announced = request.exchange.request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
            guard announced <= limit, body.readableBytes <= limit else {
                handler(.failure(Self.tooLarge(limit)))
                return
            }
            request.body = .collecting(body, limit: limit, handler: handler)
            state = .request(request)
            loop.shard.set(timer, after: loop.configuration.bodyTimeout)
            if request.expectsContinue {
                // RFC 9110 §10.1.1
                context?.writeAndFlush(NIOAny(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
        }
    }

    func respond(_ response: HTTPResponse, body: ByteBuffer, length: Int?) {
        guard case .request(var request) = state, !request.isAnswered else { return }
        let isBodyRead = if case .complete = request.body { true } else { false }
        // What was not read of a body can't be told from the next request.
        let keepsAlive =
            request.keepsAlive && isBodyRead && !isStopping && response.status != .requestTimeout
            && response.status != .contentTooLarge
        let connection = keepsAlive ? (request.isHTTP10 ? "keep-alive" : nil) : "close"
        let coding: HTTP1ResponseHead.Body =
            response.status == .noContent || response.status == .notModified
            ? .none : length.map { .length($0) } ?? .none
        request.isAnswered = true
        state = .request(request)
        let written = write(
            response,
            body: request.isHead ? ByteBuffer() : body,
            coding: coding,
            connection: connection
        )
        guard keepsAlive else {
            linger(after: written)
            return
        }
        state = .idle
        loop.shard.set(timer, after: loop.configuration.idleTimeout)
        takeQueued()
    }

    func stream(_ response: HTTPResponse) -> ByteConnection? {
        guard case .request(let request) = state, !request.isAnswered else { return nil }
        let coding: HTTP1ResponseHead.Body = request.isHTTP10 ? .untilClose : .chunked
        return detach(response, coding: coding, connection: request.isHTTP10 ? "close" : nil)
    }

    func acceptWebSocket(_ fields: HTTPFields) -> ByteConnection? {
        guard case .request(let request) = state, !request.isAnswered else { return nil }
        var response = HTTPResponse(status: .switchingProtocols)
        response.headerFields[.upgrade] = "websocket"
        response.headerFields.append(contentsOf: fields)
        return detach(response, coding: .none, connection: "Upgrade")
    }

    /// Writes the head and gives the connection away.
    private func detach(_ response: HTTPResponse, coding: HTTP1ResponseHead.Body, connection: String?)
        -> ByteConnection?
    {
        guard let context else { return nil }
        loop.shard.cancel(timer)
        state = .detached
        queue = []
        loop.closed(self)
        guard let written = write(response, body: ByteBuffer(), coding: coding, connection: connection) else {
            return nil
        }
        let bytes = ByteConnection(
            channel: context.channel,
            loop: loop,
            pendingWrite: written,
            isEncrypted: isEncrypted
        )
        loop.opened(bytes)
        successor = bytes
        // Not in the middle of the decoder's work: it may still have the request's end to tell, and does it to this handler.
        let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.execute { this.value.leavePipeline() }
        return bytes
    }

    private func leavePipeline() {
        guard let context, let successor, context.channel.isActive else {
            self.successor?.becomeClosed()
            return
        }
        let pipeline = context.pipeline.syncOperations
        let decoder = decoder
        do {
            try pipeline.addHandler(successor)
        } catch {
            context.close(promise: nil)
            return
        }
        self.successor = nil
        pipeline.removeHandler(self, promise: nil)
        // What it holds goes on to the byte connection: the first frames of a WebSocket.
        pipeline.removeHandler(decoder, promise: nil)
    }
}
