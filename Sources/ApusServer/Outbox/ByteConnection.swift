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
/// connection is *full* until NIO is done. At most one slice is ever pending, so a slow reader costs one slice. On TLS everything goes
/// by NIO; on an HTTP/2 stream it is the stream's window and its bounded buffer that say whether it is full.
package final class ByteConnection: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum State {
        case open
        /// NIO holds bytes that the socket has not taken.
        case full
        /// The last bytes are with NIO; then the connection closes.
        case closing
        case closed
    }

    /// Whom it tells, until it is closed; set right after the connection was made.
    package var delegate: (any ByteConnectionDelegate)?
    private let channel: any Channel
    private let loop: ServerLoop
    /// The socket, where slices may go to it directly.
    private var socket: CInt?
    /// The HTTP/2 stream that carries the bytes, if one does; it says itself when it is full.
    private var stream: HTTP2Stream?
    private var state = State.open
    /// How many writes NIO has yet to finish; nothing may go to the socket past them.
    private var pendingWrites = 0
    private var isReading = true
    /// When the socket last stopped taking bytes, by the loop's clock.
    private var fullSince: NIODeadline?

    /// - Parameters:
    ///   - pendingWrite: What was written just before, the answer's head; nothing overtakes it.
    ///   - isEncrypted: Whether TLS stands between here and the socket, so that nothing may go around it.
    init(channel: any Channel, loop: ServerLoop, pendingWrite: EventLoopFuture<Void>, isEncrypted: Bool) {
        self.channel = channel
        self.loop = loop
        if loop.configuration.sendsDirectly, !isEncrypted { socket = channel.pipeline.socketDescriptor }
        waitForNIO(pendingWrite)
    }

    /// On an HTTP/2 stream, which stays the channel's only handler, and tells this connection what comes.
    init(channel: any Channel, stream: HTTP2Stream, loop: ServerLoop) {
        self.channel = channel
        self.stream = stream
        self.loop = loop
        becomeFullIfNeeded(stream)
    }

    package var isClosed: Bool {
        switch state {
        case .closed, .closing: true
        case .open, .full: false
        }
    }

    /// Whether the socket has taken nothing for longer than the server waits.
    var isStalled: Bool {
        guard let fullSince else { return false }
        return .now() - fullSince > TimeAmount(loop.configuration.stallTimeout)
    }

    // MARK: Sending

    /// Sends bytes; they are taken in any case, unless the connection is closing.
    package func send(_ bytes: ByteBuffer) -> OutboxState {
        switch state {
        case .open: return sendWhileOpen(bytes)
        case .full:
            // Only what must not wait comes here: a stream's beginning, a close frame, an answer to a ping.
            handOver(bytes)
            return .full
        case .closing, .closed: return .full
        }
    }

    /// Sends the last bytes and closes the connection behind them.
    package func finish(_ bytes: ByteBuffer = ByteBuffer()) {
        switch state {
        case .open, .full:
            state = .closing
            if let stream {
                stream.finish(bytes)
                return
            }
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
            handOver(bytes)
            return isFull ? .full : .ready
        }
        let sent = bytes.withUnsafeReadableBytes { SocketSend.send(socket, $0) }
        switch sent {
        case .sent(bytes.readableBytes): return .ready
        case .sent(let count):
            var rest = bytes
            rest.moveReaderIndex(forwardBy: count)
            handOver(rest)
        case .wouldBlock, .failed:
            // Of a broken connection NIO learns by its own write, and closes the channel.
            handOver(bytes)
        }
        return isFull ? .full : .ready
    }

    /// Whether the socket takes nothing at the moment.
    package var isFull: Bool {
        switch state {
        case .full: true
        case .open, .closing, .closed: false
        }
    }

    private func handOver(_ bytes: ByteBuffer) {
        if let stream {
            stream.send(bytes)
            becomeFullIfNeeded(stream)
            return
        }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(bytes, promise: promise)
        waitForNIO(promise.futureResult)
    }

    /// Full until NIO has written; usually it has already.
    private func waitForNIO(_ write: EventLoopFuture<Void>) {
        state = .full
        pendingWrites += 1
        let written = NIOLoopBound(self, eventLoop: channel.eventLoop)
        // A future that is complete calls back at once.
        write.whenSuccess { written.value.nioHasWritten() }
        if isFull, fullSince == nil { fullSince = .now() }
    }

    private func nioHasWritten() {
        pendingWrites -= 1
        guard case .full = state else { return }
        guard pendingWrites == 0 else {
            if fullSince != nil { fullSince = .now() }
            return
        }
        state = .open
        // Nobody was told that it was full.
        guard fullSince != nil else { return }
        fullSince = nil
        delegate?.writable()
    }

    // MARK: HTTP/2

    /// Bytes wait for the stream's window, or for the socket.
    private func becomeFullIfNeeded(_ stream: HTTP2Stream) {
        guard case .open = state, !stream.isWritable else { return }
        state = .full
        fullSince = .now()
    }

    /// The stream takes bytes again.
    func streamBecameWritable() {
        guard case .full = state else { return }
        state = .open
        fullSince = nil
        delegate?.writable()
    }

    func streamReceived(_ bytes: ByteBuffer) {
        delegate?.received(bytes)
    }

    // MARK: Reading

    /// Lets the client's own socket hold it up, until `startReading()`.
    package func stopReading() {
        guard isReading else { return }
        isReading = false
        try? channel.syncOptions?.setOption(.autoRead, value: false)
    }

    package func startReading() {
        guard !isReading else { return }
        isReading = true
        try? channel.syncOptions?.setOption(.autoRead, value: true)
        // A stream of HTTP/2 does not begin to read by itself.
        if stream != nil { channel.read() }
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
        stream = nil
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
    /// The socket's descriptor; nil for channels that are no sockets, such as HTTP/2's streams and those of tests.
    fileprivate var socketDescriptor: CInt? {
        try? syncOperations.withUnsafeTransportIfAvailable(of: CInt.self) { $0 }
    }
}
