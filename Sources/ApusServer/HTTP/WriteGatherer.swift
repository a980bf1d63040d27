import NIOCore

/// Gathers what an HTTP/2 connection writes within one turn of its loop into few large writes. Belongs to one event loop.
///
/// Every stream flushes for itself, and every frame is two writes: its header and its payload. Passed on as they come, each
/// flush would be a system call, and with TLS each write a record of its own. So a round to a hundred streams of one
/// connection costs one system call, not a hundred.
final class WriteGatherer: ChannelOutboundHandler, ChannelInboundHandler {
    typealias InboundIn = Any
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What is gathered at most before it goes on, in bytes: four full TLS records.
    private static let flushBytes = 64 << 10
    /// Larger writes are not copied.
    private static let copiedBytes = 8 << 10

    private var gathered = ByteBuffer()
    /// Who waits for the gathered bytes to be written.
    private var promise: EventLoopPromise<Void>?
    /// Bytes passed on since the last flush.
    private var unflushed = 0
    private var isFlushDue = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        unflushed += bytes.readableBytes
        if bytes.readableBytes > Self.copiedBytes {
            passOn(context)
            context.write(data, promise: promise)
        } else {
            gathered.writeImmutableBuffer(bytes)
            if let promise {
                if let waiting = self.promise {
                    waiting.futureResult.cascade(to: promise)
                } else {
                    self.promise = promise
                }
            }
        }
        // What was not flushed yet does no harm a little early.
        if unflushed >= Self.flushBytes { flushNow(context) }
    }

    func flush(context: ChannelHandlerContext) {
        guard !isFlushDue else { return }
        isFlushDue = true
        let bound = NIOLoopBound((gatherer: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.execute {
            let (gatherer, context) = bound.value
            if gatherer.isFlushDue { gatherer.flushNow(context) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // What was read has been answered; there is no need to wait for the turn's end.
        if isFlushDue { flushNow(context) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        flushNow(context)
        context.close(mode: mode, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gathered = ByteBuffer()
        promise?.fail(ChannelError.eof)
        promise = nil
    }

    private func flushNow(_ context: ChannelHandlerContext) {
        isFlushDue = false
        unflushed = 0
        passOn(context)
        context.flush()
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard gathered.readableBytes > 0 else { return }
        let bytes = gathered
        let promise = promise
        gathered = ByteBuffer()
        self.promise = nil
        context.write(wrapOutboundOut(bytes), promise: promise)
    }
}
