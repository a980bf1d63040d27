import ApusTestSupport
import NIOCore
import NIOPosix
import Testing

/// Against a server that answers each line with the same line, ends when it is told `end`, and reports what it sees.
@Suite struct RawSocketTests {
    private enum Seen: Equatable, Sendable {
        case text(String)
        case inputClosed
        case failed
        case closed
    }

    private final class Echo: ChannelInboundHandler {
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

    private func withEcho(_ body: (RawSocket, EventBox<Seen>) async throws -> Void) async throws {
        let seen = EventBox<Seen>()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Echo(seen: seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let socket = try await RawSocket.connect(port: port)
        do {
            try await body(socket, seen)
        } catch {
            try await socket.close()
            try await server.close().get()
            throw error
        }
        try await socket.close()
        try await server.close().get()
    }

    @Test func readsUpToAMarkAndKeepsTheRest() async throws {
        try await withEcho { socket, _ in
            try await socket.write("one\r\ntwo\r\nthree")
            #expect(try await socket.readUntil("\r\n") == "one\r\n")
            #expect(try await socket.read(3) == Array("two".utf8))
            #expect(try await socket.readUntil("three") == "\r\nthree")
        }
    }

    @Test func aDeadlineShowsWhatHadArrived() async throws {
        try await withEcho { socket, _ in
            try await socket.write("half")
            #expect(try await socket.readUntil("ha") == "ha")
            let error = await #expect(throws: DeadlineExceeded.self) {
                try await socket.readUntil("\n", within: .milliseconds(20))
            }
            #expect(error?.observed.contains("lf") == true)
            try await socket.write("\n")
            #expect(try await socket.readUntil("\n") == "lf\n")
        }
    }

    @Test func theEndOfTheConnectionIsSeen() async throws {
        try await withEcho { socket, _ in
            try await socket.write("the end\n")
            #expect(try await socket.readToEnd() == Array("the end\n".utf8))
            await #expect(throws: ConnectionEnded.self) { try await socket.readUntil("more") }
        }
    }

    @Test func halfAConnectionCanStillRead() async throws {
        try await withEcho { socket, seen in
            try await socket.finishWriting()
            #expect(try await seen.next() == .inputClosed)
            #expect(try await socket.readToEnd() == Array("bye".utf8))
        }
    }

    @Test func aResetIsAnErrorForTheServer() async throws {
        try await withEcho { socket, seen in
            try await socket.write("hello\n")
            #expect(try await seen.next() == .text("hello\n"))
            try await socket.reset()
            #expect(try await seen.first { $0 == .failed || $0 == .inputClosed } == .failed)
        }
    }

    @Test func responsesAndChunksAreReadOneByOne() async throws {
        try await withEcho { socket, _ in
            try await socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            try await socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            #expect(try await socket.readResponse().text == "hi")
            #expect(try await socket.readResponseHead()["transfer-encoding"] == "chunked")
            #expect(try await socket.readChunk() == Array("abc".utf8))
            #expect(try await socket.readChunk().isEmpty)
        }
    }
}
