import ApusWire
import NIOCore
import Testing

/// RFC 7692 §6 and §7, within a connection.
@Suite struct WebSocketCompressionTests {
    private static let hello = ByteBuffer(bytes: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])

    private let agreed: PermessageDeflate

    init() throws {
        agreed = try #require(PermessageDeflate.accept([WebSocketExtension("permessage-deflate")]))
    }

    /// RFC 7692 §7.2.3.1, in one frame and in two.
    @Test func compressedMessagesAreInflated() {
        var socket = DrivenWebSocket(deflate: agreed)
        #expect(socket.receive(.text, Self.hello, isCompressed: true) == [.text(ByteBuffer(string: "Hello"))])
        let first = Self.hello.getSlice(at: 0, length: 3) ?? ByteBuffer()
        let second = Self.hello.getSlice(at: 3, length: 4) ?? ByteBuffer()
        #expect(socket.receive(.binary, first, isFinal: false, isCompressed: true) == [])
        #expect(socket.receive(.ping).count == 1)
        #expect(socket.receive(.continuation, second) == [.binary(ByteBuffer(string: "Hello"))])
        #expect(socket.receive(.text, "plain") == [.text(ByteBuffer(string: "plain"))])
    }

    @Test func connectionsShareAnInflaterThatOnlyCompressedMessagesAskFor() throws {
        let shared = try Inflater()
        var asked = 0
        var sockets = [DrivenWebSocket(deflate: agreed), DrivenWebSocket(deflate: agreed)]
        // Both are in the middle of a message at the same time.
        for part in 0..<2 {
            let piece = Self.hello.getSlice(at: part * 3, length: part == 0 ? 3 : 4) ?? ByteBuffer()
            let frame = DrivenWebSocket.frame(
                part == 0 ? .text : .continuation,
                piece,
                isFinal: part == 1,
                rsv1: part == 0,
                mask: DrivenWebSocket.key
            )
            for index in sockets.indices {
                sockets[index].machine.receive(frame)
                let action = sockets[index].machine.next { () throws(DeflateFailure) in
                    asked += 1
                    return shared
                }
                #expect(action == (part == 1 ? .text(ByteBuffer(string: "Hello")) : nil))
            }
        }
        #expect(asked == 2)
    }

    /// RFC 7692 §7.2.3.2, from a server that keeps its context.
    @Test func aPeersContextIsKeptWhereItWasNotRuledOut() throws {
        let agreed = try #require(PermessageDeflate(answer: WebSocketExtension("permessage-deflate")))
        var socket = DrivenWebSocket(role: DrivenWebSocket.client, deflate: agreed)
        let second = ByteBuffer(bytes: [0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(socket.receive(.text, Self.hello, isCompressed: true) == [.text(ByteBuffer(string: "Hello"))])
        #expect(socket.receive(.text, second, isCompressed: true) == [.text(ByteBuffer(string: "Hello"))])
        var afresh = DrivenWebSocket(deflate: self.agreed)
        #expect(afresh.receive(.text, Self.hello, isCompressed: true).count == 1)
        #expect(afresh.receive(.text, second, isCompressed: true) == DrivenWebSocket.failure(.malformedDeflate))
    }

    @Test func whatInflatesBeyondTheLimitIsAViolation() throws {
        for (count, isAllowed) in [(2000, true), (2001, false), (1_000_000, false)] {
            var compressed = ByteBuffer()
            try Deflater().compress(ByteBuffer(repeating: 0x61, count: count), to: &compressed)
            var socket = DrivenWebSocket(
                limits: WebSocketLimits(frameBytes: 10_000, messageBytes: 2000),
                deflate: agreed
            )
            let actions = socket.receive(.text, compressed, isCompressed: true)
            if isAllowed {
                #expect(actions == [.text(ByteBuffer(repeating: 0x61, count: count))])
            } else {
                #expect(
                    actions.first
                        == DrivenWebSocket.failure(.messageTooLarge(limit: 2000)).first
                )
            }
        }
    }

    @Test func compressedTextHasToBeUTF8() throws {
        for bytes in [[0xFF], [0x61, 0xE2, 0x82]] as [[UInt8]] {
            var compressed = ByteBuffer()
            try Deflater().compress(ByteBuffer(bytes: bytes), to: &compressed)
            var text = DrivenWebSocket(deflate: agreed)
            #expect(text.receive(.text, compressed, isCompressed: true) == DrivenWebSocket.failure(.textNotUTF8))
            var binary = DrivenWebSocket(deflate: agreed)
            #expect(
                binary.receive(.binary, compressed, isCompressed: true) == [.binary(ByteBuffer(bytes: bytes))]
            )
        }
    }

    @Test func compressionThatWasNotAgreedOnIsAViolation() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.text, Self.hello, isCompressed: true) == DrivenWebSocket.failure(.reservedBits))
    }
}
