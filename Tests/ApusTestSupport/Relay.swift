import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One side of a relayed connection: what it reads is written to its partner, on the same loop.
final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Cleared when the connection ends, which breaks the cycle of the two.
    var partner: Relay?
    private let proxy: FaultProxy
    private var context: ChannelHandlerContext?
    /// What a read that was under way brought after the proxy was frozen.
    private var held: [ByteBuffer] = []
    private var isEndHeld = false
    /// Whether the partner's output was closed in order, so that it will end by itself once everything is sent.
    private var isEndPassed = false
    private var isPartnerGone = false
    private var isReset = false

    init(proxy: FaultProxy) {
        self.proxy = proxy
    }

    /// Passes on what was held back, and reads again.
    func goOn() {
        for buffer in held { partner?.context?.write(wrapOutboundOut(buffer), promise: nil) }
        if !held.isEmpty { partner?.context?.flush() }
        held = []
        if isEndHeld { passEnd() }
        isEndHeld = false
        readIfAllowed()
    }

    /// Asks for more bytes, unless the proxy is frozen or the partner is full, or not there yet.
    private func readIfAllowed() {
        guard let context, context.channel.isActive, !proxy.isFrozen else { return }
        if !isPartnerGone {
            guard let other = partner?.context, other.channel.isActive, other.channel.isWritable else { return }
        }
        context.read()
    }

    private func passEnd() {
        isEndPassed = true
        partner?.context?.close(mode: .output, promise: nil)
    }

    /// Ends both sides with a reset.
    func reset() {
        guard let context, !isReset else { return }
        isReset = true
        // Lingering for no time makes the close that follows a reset, whichever side's comes first. On the loop of the
        // channel the option is set at once.
        let options = context.channel as? any SocketOptionProvider
        _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        partner?.reset()
        context.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        proxy.add(self, on: context.eventLoop)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        proxy.remove(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        readIfAllowed()
        partner?.readIfAllowed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        // Thawed, but not yet gone on: nothing may overtake what is held.
        if proxy.isFrozen || !held.isEmpty {
            held.append(buffer)
        } else {
            partner?.context?.write(wrapOutboundOut(buffer), promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
        readIfAllowed()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        partner?.readIfAllowed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        if proxy.isFrozen || !held.isEmpty {
            isEndHeld = true
        } else {
            passEnd()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        partner?.isPartnerGone = true
        if isReset {
            partner?.context?.close(promise: nil)
        } else {
            // The second half to end is not announced, and what came with it is not flushed yet.
            partner?.context?.flush()
            if !isEndPassed { passEnd() }
            partner?.readIfAllowed()
        }
        partner = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset goes on as a reset.
        reset()
    }
}
