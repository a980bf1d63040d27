import NIOCore

/// Puts what a connection receives into a box, and finishes it when the other side is done.
final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reads: EventBox<[UInt8]>

    init(reads: EventBox<[UInt8]>) {
        self.reads = reads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reads.send(Array(unwrapInboundIn(data).readableBytesView))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { reads.finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        reads.finish()
        context.fireChannelInactive()
    }

    /// A reset by the server: an end like others, as far as a test of what arrived is concerned.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
