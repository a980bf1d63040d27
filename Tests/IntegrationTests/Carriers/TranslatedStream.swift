import ApusWire
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// The stream of HTTP/2 that a request of HTTP/1.1 became: its answer is written as HTTP/1.1 again. Belongs to one event loop.
final class TranslatedStream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Body {
        case none
        case raw
        case chunked
    }

    private let client: any NIOCore.Channel
    private let head: HPACKHeaders
    private let isOpen: Bool
    private let isHead: Bool
    private let webSocketKey: String?
    private var context: ChannelHandlerContext?
    private var unsent: [HTTP2Frame.FramePayload] = []
    private var body = Body.none
    private var hasEnded = false
    private var isReadPending = false
    private var isClientWaiting = false

    init(client: any NIOCore.Channel, head: HPACKHeaders, isOpen: Bool, isHead: Bool, webSocketKey: String?) {
        self.client = client
        self.head = head
        self.isOpen = isOpen
        self.isHead = isHead
        self.webSocketKey = webSocketKey
    }

    // MARK: To the server

    func send(_ bytes: ByteBuffer) { write(.data(.init(data: .byteBuffer(bytes)))) }

    func endRequest() {
        if isOpen, webSocketKey == nil { write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))) }
    }

    private func write(_ payload: HTTP2Frame.FramePayload) {
        guard let context, context.channel.isActive else {
            unsent.append(payload)
            return
        }
        context.writeAndFlush(wrapOutboundOut(payload), promise: nil)
    }

    /// Whether the server takes nothing now; if so, the client is read again once it does.
    func holdsClientBack() -> Bool {
        guard let context, !context.channel.isWritable else { return false }
        isClientWaiting = true
        return true
    }

    func clientGone() { context?.close(promise: nil) }

    /// The client takes bytes again.
    func readOn() {
        guard isReadPending else { return }
        isReadPending = false
        context?.read()
    }

    // MARK: ChannelDuplexHandler

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: head, endStream: !isOpen))), promise: nil)
        for payload in unsent { context.write(wrapOutboundOut(payload), promise: nil) }
        unsent = []
        context.flush()
    }

    func read(context: ChannelHandlerContext) {
        if client.isWritable {
            context.read()
        } else {
            isReadPending = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, isClientWaiting else { return }
        isClientWaiting = false
        client.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            answer(frame.headers, isEnd: frame.endStream)
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data { pass(bytes) }
            if frame.endStream { end() }
        case .alternativeService, .rstStream, .priority, .windowUpdate, .settings, .pushPromise, .ping, .goAway,
            .origin:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !hasEnded || webSocketKey != nil { client.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: To the client

    private func answer(_ headers: HPACKHeaders, isEnd: Bool) {
        let status = headers.first(name: ":status") ?? ""
        var text = ""
        let length = headers.first(name: "content-length")
        if status == "100" {
            client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), promise: nil)
            return
        }
        if let webSocketKey, status == "200" {
            text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            text += "Sec-WebSocket-Accept: \(WebSocketKey.accept(for: webSocketKey))\r\n"
            body = .raw
        } else {
            text = "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: Int(status) ?? 0).reasonPhrase)\r\n"
            if length != nil || isHead || status == "204" || status == "304" {
                body = .raw
            } else if isEnd {
                text += "content-length: 0\r\n"
            } else {
                text += "Transfer-Encoding: chunked\r\n"
                body = .chunked
            }
        }
        for (name, value, _) in headers where !name.hasPrefix(":") { text += "\(name): \(value)\r\n" }
        client.writeAndFlush(ByteBuffer(string: text + "\r\n"), promise: nil)
        if isEnd { end() }
    }

    private func pass(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        switch body {
        case .none: break
        case .raw: client.writeAndFlush(bytes, promise: nil)
        case .chunked:
            var chunk = ByteBuffer()
            BodyCoding.chunked.append(bytes, to: &chunk)
            client.writeAndFlush(chunk, promise: nil)
        }
    }

    private func end() {
        hasEnded = true
        guard case .chunked = body else {
            if webSocketKey != nil { client.close(promise: nil) }
            return
        }
        // In HTTP/1.1 the server ends a connection whose stream has ended.
        let client = client
        client.writeAndFlush(ByteBuffer(string: "0\r\n\r\n")).whenComplete { _ in client.close(promise: nil) }
    }
}
