package import NIOCore
import NIOHTTP1

/// Holds what has arrived until somebody takes it, and stops the socket while too much waits. Belongs to one event loop.
///
/// What was handed out last counts until the next time somebody asks, since it is still being worked on.
package final class InboundGate: ChannelDuplexHandler {
    package typealias InboundIn = ConnectionPart
    package typealias OutboundIn = NIOAny

    /// How much one read of the socket gives at most, in bytes.
    package static let readBytes = 32 << 10

    private let limit: Int
    private var parts: [ConnectionPart] = []
    private var waitingBytes = 0
    private var handedOutBytes = 0
    private var readIsHeldBack = false
    /// Why nothing more comes; nil within for an end in good order.
    private var ending: Result<Void, ClientError>?
    private var taker: EventLoopPromise<[ConnectionPart]>?
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    /// The most bytes that it ever held, handed out or not.
    package private(set) var peakBytes = 0

    private let onPeak: (@Sendable (Int) -> Void)?

    /// - Parameters:
    ///   - limit: The most bytes to hold; at least two reads fit in any case.
    ///   - onPeak: Is told of every new `peakBytes`.
    package init(limit: Int, onPeak: (@Sendable (Int) -> Void)? = nil) {
        self.limit = max(limit, 2 * Self.readBytes)
        self.onPeak = onPeak
    }

    // MARK: - The consumer's side

    /// Everything that has arrived, as soon as there is something; empty when the connection has ended in good order.
    ///
    /// - Parameters:
    ///   - duration: How long to wait; then the future fails with `timedOut`.
    ///   - awaited: What the error says was waited for.
    package func take(
        within duration: Duration,
        awaiting awaited: String,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[ConnectionPart]> {
        eventLoop.assertInEventLoop()
        handedOutBytes = 0
        let promise = eventLoop.makePromise(of: [ConnectionPart].self)
        if !parts.isEmpty {
            handOut(to: promise)
        } else if let ending {
            switch ending {
            case .success: promise.succeed([])
            case .failure(let error): promise.fail(error)
            }
        } else {
            taker = promise
            timer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [self] in
                settle(.failure(ClientError(.timedOut, "The server sent no \(awaited) within \(duration).")))
            }
        }
        readOn()
        return promise.futureResult
    }

    private func handOut(to promise: EventLoopPromise<[ConnectionPart]>) {
        let all = parts
        parts = []
        handedOutBytes = waitingBytes
        waitingBytes = 0
        promise.succeed(all)
    }

    private func settle(_ result: Result<Void, ClientError>) {
        timer?.cancel()
        timer = nil
        guard let promise = taker else { return }
        taker = nil
        switch result {
        case .success: handOut(to: promise)
        case .failure(let error): promise.fail(error)
        }
    }

    // MARK: - The socket's side

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end(.success(()))
        self.context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .bytes(let bytes) = part {
            waitingBytes += bytes.readableBytes
            if waitingBytes + handedOutBytes > peakBytes {
                peakBytes = waitingBytes + handedOutBytes
                onPeak?(peakBytes)
            }
        }
        parts.append(part)
    }

    /// One read of the socket may be many parts: they are handed out together.
    package func channelReadComplete(context: ChannelHandlerContext) {
        if !parts.isEmpty { settle(.success(())) }
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        guard waitingBytes + handedOutBytes + Self.readBytes <= limit else {
            readIsHeldBack = true
            return
        }
        context.read()
    }

    private func readOn() {
        guard readIsHeldBack, let context else { return }
        readIsHeldBack = false
        read(context: context)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end(.success(()))
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.failure(Self.reading(error)))
        context.close(promise: nil)
    }

    private func end(_ result: Result<Void, ClientError>) {
        guard ending == nil else { return }
        ending = result
        // What has arrived before comes first.
        settle(parts.isEmpty ? result : .success(()))
    }

    private static func reading(_ error: any Error) -> ClientError {
        switch error {
        case HTTPParserError.headerOverflow:
            ClientError(.limitExceeded, "The head of the server's answer is too large for ClientLimits.headBytes.")
        case HTTPParserError.invalidEOFState:
            ClientError(.connectionFailed, "The connection was lost in the middle of an answer.", underlying: error)
        case let error as HTTPParserError:
            ClientError(.protocolViolation, "The server's answer is not HTTP/1.1: \(error).", underlying: error)
        default:
            ClientError(.connectionFailed, "The connection was lost: \(error).", underlying: error)
        }
    }
}
