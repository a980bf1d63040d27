import ApusClient
import NIOCore
import NIOEmbedded
import Testing

@Suite("Inbound gate")
struct InboundGateTests {
    /// Counts how often the socket is read.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = NIOAny
        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }
    }

    private let channel = EmbeddedChannel()
    private let counter = ReadCounter()
    private let gate = InboundGate(limit: 4 * InboundGate.readBytes)

    init() throws {
        try channel.pipeline.syncOperations.addHandlers(counter, gate)
    }

    private func arrive(_ bytes: Int) {
        channel.pipeline.fireChannelRead(ConnectionPart.bytes(ByteBuffer(repeating: 1, count: bytes)))
        channel.pipeline.fireChannelReadComplete()
    }

    private func take() -> EventLoopFuture<[ConnectionPart]> {
        gate.take(within: .seconds(5), awaiting: "anything", on: channel.embeddedEventLoop)
    }

    private func bytes(_ future: EventLoopFuture<[ConnectionPart]>) throws -> Int {
        try future.wait().reduce(0) { sum, part in
            if case .bytes(let bytes) = part { return sum + bytes.readableBytes }
            return sum
        }
    }

    @Test("the socket is read until the limit, and again when what was handed out is done with")
    func stopsReading() throws {
        for _ in 0..<10 {
            let before = counter.reads
            channel.pipeline.read()
            if counter.reads > before { arrive(InboundGate.readBytes) }
        }
        #expect(counter.reads == 4)
        #expect(gate.peakBytes == 4 * InboundGate.readBytes)
        // Handed out, but still being worked on: nothing is read for it.
        #expect(try bytes(take()) == 4 * InboundGate.readBytes)
        #expect(counter.reads == 4)
        let next = take()
        #expect(counter.reads == 5)
        arrive(10)
        #expect(try bytes(next) == 10)
    }

    @Test("who takes first gets what arrives, all of one read together")
    func waits() throws {
        let future = take()
        channel.pipeline.fireChannelRead(ConnectionPart.bytes(ByteBuffer(string: "a")))
        channel.pipeline.fireChannelRead(ConnectionPart.bytes(ByteBuffer(string: "bc")))
        channel.pipeline.fireChannelReadComplete()
        #expect(try bytes(future) == 3)
    }

    @Test("when nothing arrives in time, that is the error")
    func timesOut() throws {
        let future = take()
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        let error = #expect(throws: ClientError.self) { try future.wait() }
        #expect(error?.code == .timedOut)
    }

    @Test("what has arrived comes before the end, and the end stays")
    func ends() throws {
        arrive(7)
        channel.pipeline.fireChannelInactive()
        #expect(try bytes(take()) == 7)
        #expect(try take().wait().isEmpty)
        #expect(try take().wait().isEmpty)
    }

    @Test("what has arrived comes before an error, and the error stays")
    func fails() throws {
        arrive(7)
        channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
        #expect(try bytes(take()) == 7)
        for _ in 0..<2 {
            let error = #expect(throws: ClientError.self) { try take().wait() }
            #expect(error?.code == .connectionFailed)
        }
    }
}
