import ApusWire
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// A client's HTTP/1.1 connection, each request of which becomes a stream of HTTP/2. Belongs to one event loop.
final class HTTP2Translator: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private let authority: String
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private var context: ChannelHandlerContext?
    private var stream: TranslatedStream?

    private init(
        _ multiplexer: NIOHTTP2Handler.StreamMultiplexer,
        authority: String,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>
    ) {
        self.multiplexer = multiplexer
        self.authority = authority
        self.decoder = decoder
    }

    static func add(
        to channel: any NIOCore.Channel,
        connection: HTTP2Link,
        authority: String
    ) throws {
        // A client's connection ends with the one that carries it.
        connection.channel.closeFuture.whenComplete { _ in channel.close(promise: nil) }
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        try channel.pipeline.syncOperations.addHandlers([
            decoder, HTTP2Translator(connection.multiplexer, authority: authority, decoder: decoder),
        ])
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): stream?.send(bytes)
        case .end: stream?.endRequest()
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let key = head.headers.first(name: "sec-websocket-key")
        let isWebSocket = head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
        var headers = HPACKHeaders()
        headers.add(name: ":method", value: isWebSocket ? "CONNECT" : head.method.rawValue)
        headers.add(name: ":scheme", value: "http")
        headers.add(name: ":authority", value: head.headers.first(name: "host").map { _ in authority } ?? authority)
        headers.add(name: ":path", value: head.uri)
        if isWebSocket { headers.add(name: ":protocol", value: "websocket") }
        let dropped: Set = ["host", "connection", "upgrade", "transfer-encoding", "sec-websocket-key", "keep-alive"]
        for (name, value) in head.headers where !dropped.contains(name.lowercased()) {
            headers.add(name: name.lowercased(), value: value)
        }
        let hasBody =
            head.headers.contains(name: "transfer-encoding")
            || head.headers.first(name: "content-length").flatMap { Int($0) }.map { $0 > 0 } ?? false
        let stream = TranslatedStream(
            client: context.channel,
            head: headers,
            isOpen: isWebSocket || hasBody,
            isHead: head.method == .HEAD,
            webSocketKey: isWebSocket ? key : nil
        )
        self.stream = stream
        let bound = NIOLoopBound(stream, eventLoop: context.eventLoop)
        let opened = context.eventLoop.makePromise(of: (any NIOCore.Channel).self)
        let client = context.channel
        opened.futureResult.whenFailure { _ in client.close(promise: nil) }
        multiplexer.createStreamChannel(promise: opened) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(bound.value)
            }
        }
        guard isWebSocket else { return }
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { this.value.becomeRaw() }
    }

    /// What comes from now on are the WebSocket's bytes.
    private func becomeRaw() {
        guard let context, let stream else { return }
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(RawTail(stream))
        } catch {
            context.close(promise: nil)
            return
        }
        pipeline.removeHandler(self, promise: nil)
        pipeline.removeHandler(decoder, promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if stream?.holdsClientBack() != true { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { stream?.readOn() }
    }

    func channelInactive(context: ChannelHandlerContext) { stream?.clientGone() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The client's side of a WebSocket.
private final class RawTail: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let stream: TranslatedStream

    init(_ stream: TranslatedStream) { self.stream = stream }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { stream.send(unwrapInboundIn(data)) }

    func read(context: ChannelHandlerContext) {
        if !stream.holdsClientBack() { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { stream.readOn() }
    }

    func channelInactive(context: ChannelHandlerContext) { stream.clientGone() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
