package import ApusHub
package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A connection that carries bytes both ways from now on: a stream's body, or a WebSocket. Belongs to one event loop.
///
/// Bytes go straight to the socket while NIO has nothing pending for it; what the socket does not take is handed to NIO, and the
/// connection is *full* until NIO is done. At most one slice is ever pending, so a slow reader costs one slice.
package final class ByteConnection: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// What happens on the connection.
    package protocol Delegate: AnyObject {
        /// Bytes from the client.
        func received(_ bytes: ByteBuffer)
        /// The connection takes bytes again.
        func writable()
        /// The connection is gone; nothing is called after this.
        func closed()
        /// The server stops: end the stream in its own words.
        func serverStops()
    }

    private enum State {
        case open
        /// NIO holds bytes that the socket has not taken.
        case full
        /// The last bytes are with NIO; then the connection closes.
        case closing
        case closed
    }

    /// Whom it tells; held weakly, and set right after the connection was made.
    package weak var delegate: (any Delegate)?
    private let channel: any Channel
    private let loop: ServerLoop
    /// The socket, where slices may go to it directly; -1 is never stored.
    private var socket: CInt?
    private var state = State.open
    /// When the socket last stopped taking bytes, by the loop's clock.
    private(set) var fullSince: NIODeadline?

    /// - Parameter pendingWrite: What was written just before, the answer's head; nothing overtakes it.
    init(channel: any Channel, loop: ServerLoop, pendingWrite: EventLoopFuture<Void>) {
        self.channel = channel
        self.loop = loop
        if loop.configuration.sendsDirectly, channel.pipeline.isPlainSocket {
            socket = channel.pipeline.socketDescriptor
        }
        waitForNIO(pendingWrite)
    }

    package var isClosed: Bool {
        switch state {
        case .closed, .closing: true
        case .open, .full: false
        }
    }

    // MARK: Sending

    /// Sends bytes; they are taken in any case, unless the connection is closing.
    package func send(_ bytes: ByteBuffer) -> OutboxState {
        switch state {
        case .open: return sendWhileOpen(bytes)
        case .full:
            // Only what must not wait comes here: a close frame, an answer to a ping.
            channel.writeAndFlush(bytes, promise: nil)
            return .full
        case .closing, .closed: return .full
        }
    }

    /// Sends the last bytes and closes the connection behind them.
    package func finish(_ bytes: ByteBuffer = ByteBuffer()) {
        switch state {
        case .open, .full:
            state = .closing
            let channel = channel
            let promise = channel.eventLoop.makePromise(of: Void.self)
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            channel.writeAndFlush(bytes, promise: promise)
        case .closing, .closed: break
        }
    }

    /// Closes at once, whatever is pending.
    package func abort() {
        channel.close(promise: nil)
    }

    private func sendWhileOpen(_ bytes: ByteBuffer) -> OutboxState {
        guard let socket else {
            let promise = channel.eventLoop.makePromise(of: Void.self)
            channel.writeAndFlush(bytes, promise: promise)
            waitForNIO(promise.futureResult)
            return isFull ? .full : .ready
        }
        let sent = bytes.withUnsafeReadableBytes { SocketSend.send(socket, $0) }
        switch sent {
        case .sent(bytes.readableBytes): return .ready
        case .sent(let count):
            var rest = bytes
            rest.moveReaderIndex(forwardBy: count)
            handOver(rest)
        case .wouldBlock: handOver(bytes)
        case .failed:
            // The peer reset the connection; NIO learns of it by its own write or read and closes the channel.
            handOver(bytes)
        }
        return .full
    }

    private var isFull: Bool {
        switch state {
        case .full: true
        case .open, .closing, .closed: false
        }
    }

    private func handOver(_ bytes: ByteBuffer) {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(bytes, promise: promise)
        waitForNIO(promise.futureResult)
    }

    /// Full until NIO has written; usually it has already.
    private func waitForNIO(_ write: EventLoopFuture<Void>) {
        state = .full
        let written = NIOLoopBound(self, eventLoop: channel.eventLoop)
        // Completed futures call back at once, without a detour over the loop.
        write.assumeIsolated().whenSuccess { written.value.nioHasWritten() }
        if isFull { fullSince = .now() }
    }

    private func nioHasWritten() {
        guard case .full = state else { return }
        state = .open
        guard fullSince != nil else { return }
        fullSince = nil
        delegate?.writable()
    }

    // MARK: ChannelInboundHandler

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        delegate?.received(unwrapInboundIn(data))
    }

    package func channelInactive(context: ChannelHandlerContext) {
        becomeClosed()
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func becomeClosed() {
        if case .closed = state { return }
        state = .closed
        socket = nil
        loop.closed(self)
        let delegate = delegate
        self.delegate = nil
        delegate?.closed()
    }
}

extension ByteConnection: ServerConnection {
    func stop() { delegate?.serverStops() }
    func closeNow() { abort() }
}

extension ChannelPipeline {
    /// Whether the channel is a socket that nothing encrypts or frames: the pipeline's owner adds no such handlers here.
    fileprivate var isPlainSocket: Bool { socketDescriptor != nil }

    /// The socket's descriptor; nil for channels that are no sockets, such as HTTP/2's streams and those of tests.
    fileprivate var socketDescriptor: CInt? {
        try? syncOperations.withUnsafeTransportIfAvailable(of: CInt.self) { $0 }
    }
}
