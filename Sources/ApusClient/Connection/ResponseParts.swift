import NIOCore
import NIOHTTP1

/// Between HTTP's codec and the gate. After `101 Switching Protocols` it takes the codec and itself away, so that the
/// connection carries plain bytes.
final class ResponseParts: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = ConnectionPart

    private let codec: [any RemovableChannelHandler]
    private var isUpgraded = false

    init(codec: [any RemovableChannelHandler]) {
        self.codec = codec
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isUpgraded = head.status == .switchingProtocols
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let bytes): context.fireChannelRead(wrapInboundOut(.bytes(bytes)))
        case .end:
            guard isUpgraded else {
                context.fireChannelRead(wrapInboundOut(.end))
                return
            }
            switchProtocols(context)
        }
    }

    /// What the decoder has read beyond the head comes through the new handler when the decoder leaves.
    private func switchProtocols(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(PlainBytes(), position: .after(self))
        } catch {
            context.fireErrorCaught(error)
            return
        }
        pipeline.removeHandler(self, promise: nil)
        for handler in codec { pipeline.removeHandler(handler, promise: nil) }
    }
}

/// The connection's bytes as they come, after an upgrade.
private final class PlainBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ConnectionPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(wrapInboundOut(.bytes(unwrapInboundIn(data))))
    }
}
