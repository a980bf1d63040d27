import ApusHub
import NIOCore
import NIOTLS

/// Stands in a new connection until it is known which HTTP the client speaks, and leaves then. Belongs to one event loop.
final class HTTPVersionDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What tells the version.
    enum Evidence {
        /// What the connection begins with, without TLS: HTTP/2's preface, by prior knowledge (RFC 9113 §3.3), or a request.
        case firstBytes
        /// What the TLS handshake agreed on (ALPN, RFC 7301).
        case negotiation
    }

    /// RFC 9113 §3.4. No request of HTTP/1.1 begins with more than its first letters.
    private static let preface: [UInt8] = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let loop: ServerLoop
    private let evidence: Evidence
    private let timer = WheelTimer()
    private var context: ChannelHandlerContext?
    /// Bytes that could still become the preface.
    private var held = ByteBuffer()

    init(loop: ServerLoop, evidence: Evidence) {
        self.loop = loop
        self.evidence = evidence
        timer.target = self
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.opened(self)
        loop.shard.set(timer, after: loop.configuration.headTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.closed(self)
        loop.shard.cancel(timer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch evidence {
        case .negotiation: context.fireChannelRead(data)
        case .firstBytes:
            held.writeBuffer(&bytes)
            let view = held.readableBytesView
            guard zip(view, Self.preface).allSatisfy({ $0 == $1 }) else {
                leave(isHTTP2: false)
                return
            }
            if view.count >= Self.preface.count { leave(isHTTP2: true) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .handshakeCompleted(let version) = event as? TLSUserEvent else { return }
        leave(isHTTP2: version == "h2")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // No handshake, or a broken socket: there is nobody to tell.
        context.close(promise: nil)
    }

    /// Makes the connection one of the version, and passes on what was read.
    private func leave(isHTTP2: Bool) {
        guard let context else { return }
        let isEncrypted = evidence == .negotiation
        do {
            if isHTTP2 {
                try loop.addHTTP2(to: context.channel, isEncrypted: isEncrypted)
            } else {
                try loop.addHTTP1(to: context.channel, isEncrypted: isEncrypted)
            }
        } catch {
            context.close(promise: nil)
            return
        }
        if held.readableBytes > 0 {
            let bytes = held
            held = ByteBuffer()
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}

extension HTTPVersionDetector: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        guard let context else { return }
        switch evidence {
        case .negotiation: context.close(promise: nil)
        case .firstBytes:
            // Too slow for either version; HTTP/1.1 has words for it.
            guard let connection = try? loop.addHTTP1(to: context.channel, isEncrypted: false) else {
                context.close(promise: nil)
                return
            }
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            connection.timerFired(timer)
        }
    }
}

extension HTTPVersionDetector: ServerConnection {
    func stop() { closeNow() }
    func closeNow() { context?.close(promise: nil) }
}
