import ApusHub
import Logging
import NIOCore
import NIOHTTP2

/// What belongs to an HTTP/2 connection rather than to one of its streams. Belongs to one event loop.
///
/// `NIOHTTP2Handler` before it speaks the protocol; NIO's management handler ends idle connections, and sends `GOAWAY` when the
/// server stops.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let loop: ServerLoop
    private var context: ChannelHandlerContext?
    private var streamCount = 0

    init(loop: ServerLoop) {
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.closed(self)
    }

    /// Whether the client may have one more stream. NIO enforces the limit once the client has acknowledged it, which one that
    /// means harm never does.
    func openStream() -> Bool {
        guard streamCount < loop.configuration.http2.maximumStreams else { return false }
        streamCount += 1
        return true
    }

    func closeStream() {
        streamCount -= 1
    }

    /// Frames of streams go to the streams; of the connection's own ones, only those that say what the client can are of interest.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken stream was reset; the others go on.
        if error is NIOHTTP2Errors.StreamError { return }
        // NIO has said `GOAWAY` with the reason; it leaves before the connection closes.
        loop.logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }
}

extension HTTP2Connection: ServerConnection {
    /// Says `GOAWAY` (RFC 9113 §6.8); the connection closes when its last stream has ended.
    func stop() {
        context?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    func closeNow() {
        context?.close(promise: nil)
    }
}
