import ApusTestSupport
import NIOCore
import NIOPosix

/// A server that sends back what it gets, ends when it is told `end`, and reports what it sees.
struct EchoServer: Sendable {
    enum Seen: Equatable, Sendable {
        case text(String)
        case inputClosed
        case failed
        case closed
    }

    let seen: EventBox<Seen>
    let port: Int
    private let channel: any NIOCore.Channel

    static func start() async throws -> EchoServer {
        let seen = EventBox<Seen>()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(seen: seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return EchoServer(seen: seen, port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func close() async throws {
        try await channel.close().get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let seen: EventBox<Seen>

        init(seen: EventBox<Seen>) {
            self.seen = seen
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            seen.send(.text(text))
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            if text.hasSuffix("end\n") { context.close(promise: nil) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed? = event as? ChannelEvent {
                seen.send(.inputClosed)
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "bye")), promise: nil)
                context.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            seen.send(.failed)
        }

        func channelInactive(context: ChannelHandlerContext) {
            seen.send(.closed)
        }
    }
}
