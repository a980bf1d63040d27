import ApusCore
import HTTPTypes
import NIOCore

/// Turns a connection away, since there are as many as the server may have. Belongs to one event loop.
final class ConnectionRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: ServerLoop

    init(loop: ServerLoop) {
        self.loop = loop
    }

    func channelActive(context: ChannelHandlerContext) {
        let limit = loop.configuration.maximumConnections
        let answer = ProblemAnswer(
            ApusError(
                .tooManyConnections,
                "The server has \(limit) connections, the most it may; try again in a moment."
            )
        )
        var buffer = ByteBuffer()
        HTTP1ResponseHead.append(
            HTTPResponse(status: answer.status, headerFields: answer.headerFields),
            body: .length(answer.body.readableBytes),
            date: loop.date(),
            connection: "close",
            to: &buffer
        )
        buffer.writeImmutableBuffer(answer.body)
        let channel = context.channel
        context.writeAndFlush(NIOAny(buffer)).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
