import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// Streams at random, always the same ones.
@Suite struct WebSocketFuzzTests {
    private typealias Action = WebSocketConnectionMachine.Action

    @Test func whatOneEndSendsInAnyFragmentsAndChunksTheOtherOneReads() throws {
        var generator = SeededGenerator(seed: 54)
        let agreed = try #require(PermessageDeflate.accept([WebSocketExtension("permessage-deflate")]))
        let deflater = try Deflater()
        for round in 0..<200 {
            let isServer = round % 2 == 0
            let mask = isServer ? DrivenWebSocket.key : nil
            var stream = ByteBuffer()
            var expected: [Action] = []
            for _ in 0..<6 {
                expected += append(mask: mask, deflater: deflater, to: &stream, using: &generator)
            }
            var socket = DrivenWebSocket(
                role: isServer ? .server : DrivenWebSocket.client,
                limits: WebSocketLimits(),
                deflate: agreed
            )
            #expect(Self.read(stream, by: &socket, using: &generator) == expected)
            #expect(socket.machine.bufferedBytes == 0)
        }
    }

    @Test func mutatedStreamsEndInAViolationOrAreReadWithinTheLimits() throws {
        var generator = SeededGenerator(seed: 55)
        let agreed = try #require(PermessageDeflate.accept([WebSocketExtension("permessage-deflate")]))
        let deflater = try Deflater()
        let limits = WebSocketLimits(frameBytes: 400, messageBytes: 500)
        var (failures, survivals, excesses) = (0, 0, 0)
        for _ in 0..<1500 {
            var stream = ByteBuffer()
            for _ in 0..<4 {
                _ = append(mask: DrivenWebSocket.key, deflater: deflater, to: &stream, using: &generator)
            }
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: 0..<stream.readableBytes, using: &generator)
                stream.setInteger(UInt8.random(in: .min ... .max, using: &generator), at: index)
            }
            var socket = DrivenWebSocket(limits: limits, deflate: agreed)
            let actions = Self.read(stream, by: &socket, using: &generator)
            excesses += socket.machine.bufferedBytes <= limits.messageBytes + 125 + 14 ? 0 : 1
            for (index, action) in actions.enumerated() {
                switch action {
                case .text(let payload), .binary(let payload):
                    excesses += payload.readableBytes <= limits.messageBytes ? 0 : 1
                case .ping(let payload, _), .pong(let payload):
                    excesses += payload.readableBytes <= 125 ? 0 : 1
                case .closed, .failed:
                    // The last word.
                    excesses += index == actions.count - 1 && !socket.machine.canSend ? 0 : 1
                }
            }
            if case .failed = actions.last { failures += 1 } else { survivals += 1 }
        }
        #expect(excesses == 0)
        #expect(failures > 200)
        #expect(survivals > 200)
    }

    @Test func randomBytesNeverTrap() {
        var generator = SeededGenerator(seed: 56)
        var failures = 0
        for _ in 0..<15_000 {
            let first = UInt64.random(in: .min ... .max, using: &generator)
            let second = UInt64.random(in: .min ... .max, using: &generator)
            var bytes = ByteBuffer(integer: first)
            bytes.writeInteger(second)
            // A sound first byte for many.
            if first & 1 == 0 { bytes.setInteger(UInt16(0x8180) | UInt16(second & 0x0F07), at: 0) }
            var socket = DrivenWebSocket()
            if case .failed = socket.receive(bytes).last { failures += 1 }
        }
        #expect(failures > 1000)
    }

    /// One message at random, in fragments, perhaps compressed, with pings in between.
    private func append(
        mask: WebSocketMaskingKey?,
        deflater: Deflater,
        to stream: inout ByteBuffer,
        using generator: inout SeededGenerator
    ) -> [Action] {
        let isText = Bool.random(using: &generator)
        let isCompressed = Bool.random(using: &generator)
        let length = [0, 1, 40, 125, 126, 300][Int.random(in: 0..<6, using: &generator)]
        let unit = ByteBuffer(string: isText ? "aé€😀" : "\u{0}\u{1}binary")
        var message = ByteBuffer()
        while message.readableBytes < length { message.writeImmutableBuffer(unit) }
        var payload = message
        if isCompressed {
            payload = ByteBuffer()
            deflater.compress(message, to: &payload)
        }
        var actions: [Action] = []
        var isFirst = true
        while true {
            let count = Int.random(in: 0...payload.readableBytes, using: &generator)
            let isFinal = count == payload.readableBytes
            let piece = payload.readSlice(length: count) ?? ByteBuffer()
            WebSocketFrameWriter.append(
                opcode: !isFirst ? .continuation : isText ? .text : .binary,
                payload: piece,
                isFinal: isFinal,
                rsv1: isFirst && isCompressed,
                mask: mask,
                to: &stream
            )
            isFirst = false
            if isFinal { break }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                WebSocketFrameWriter.append(opcode: .ping, payload: piece.prefix(9), mask: mask, to: &stream)
                let key = mask == nil ? DrivenWebSocket.key : nil
                actions.append(
                    .ping(piece.prefix(9), answer: DrivenWebSocket.frame(.pong, piece.prefix(9), mask: key))
                )
            }
        }
        return actions + [isText ? .text(message) : .binary(message)]
    }

    private static func read(
        _ stream: ByteBuffer,
        by socket: inout DrivenWebSocket,
        using generator: inout SeededGenerator
    ) -> [Action] {
        var stream = stream
        var actions: [Action] = []
        let longest = [8, 100, 10_000][Int.random(in: 0..<3, using: &generator)]
        while stream.readableBytes > 0 {
            let count = Int.random(in: 1...longest, using: &generator)
            actions += socket.receive(stream.readSlice(length: min(count, stream.readableBytes)) ?? ByteBuffer())
        }
        return actions
    }
}

extension ByteBuffer {
    fileprivate func prefix(_ count: Int) -> ByteBuffer {
        getSlice(at: readerIndex, length: min(count, readableBytes)) ?? ByteBuffer()
    }
}
