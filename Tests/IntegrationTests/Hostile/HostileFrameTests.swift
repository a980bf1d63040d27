import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// WebSocket frames that break RFC 6455 §5 to §8.
@Suite("Hostile: WebSocket frames")
struct HostileFrameTests {
    /// What a client sends, and the close code that answers it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var code: UInt16?

        init(_ name: String, _ code: UInt16?, _ bytes: [UInt8]) {
            testDescription = name
            self.code = code
            self.bytes = bytes
        }
    }

    private static func frame(
        _ opcode: WebSocketOpcode,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        rsv1: Bool = false
    ) -> [UInt8] {
        WebSocketClient.frame(opcode, payload, isFinal: isFinal, rsv1: rsv1)
    }

    /// A masked frame with this first byte, with a key of zeros.
    private static func raw(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        [first, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }

    private static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    static let framing: [Case] =
        [
            Case("without a mask", 1002, [0x81, 0x02, 0x68, 0x69]),
            Case("a ping without a mask", 1002, [0x89, 0x00]),
            Case("a close without a mask", 1002, [0x88, 0x02, 0x03, 0xE8]),
            Case("the first reserved bit without an extension", 1002, raw(0xC1, [0x61])),
            Case("the second reserved bit", 1002, raw(0xA1, [0x61])),
            Case("the third reserved bit", 1002, raw(0x91, [0x61])),
            Case("a reserved bit in a ping", 1002, raw(0xC9)),
            Case("a ping in fragments", 1002, raw(0x09)),
            Case("a close in fragments", 1002, raw(0x08)),
            Case("a ping of 126 bytes", 1002, [0x89, 0xFE, 0, 126, 0, 0, 0, 0]),
            Case("a close of 126 bytes", 1002, [0x88, 0xFE, 0, 126, 0, 0, 0, 0]),
            Case("a continuation of nothing", 1002, frame(.continuation, [0x61])),
            Case("a last continuation of nothing", 1002, frame(.continuation, [0x61], isFinal: false)),
            Case("a message within a message", 1002, frame(.text, [0x61], isFinal: false) + frame(.text, [0x62])),
            Case(
                "a continuation after the message's end",
                1002,
                frame(.text, [0x61], isFinal: false) + frame(.continuation, [0x62]) + frame(.continuation, [0x63])
            ),
            Case("a length of 16 bits that fits 7", 1002, [0x81, 0xFE, 0, 5, 0, 0, 0, 0]),
            Case("a length of 64 bits that fits 16", 1002, [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
            Case("a length with its highest bit", 1002, [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Case("a frame beyond the limit", 1009, [0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0]),
            Case("a frame of an exabyte", 1009, [0x82, 0xFF, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ]
        + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { Case("opcode \($0)", 1002, raw(0x80 | $0)) }

    static let texts: [Case] = [
        Case("a text that is no UTF-8", 1007, frame(.text, [0xC3, 0x28])),
        Case("a text that ends in a scalar", 1007, frame(.text, [0xE2, 0x82])),
        Case("a surrogate", 1007, frame(.text, [0xED, 0xA0, 0x80])),
        Case("beyond U+10FFFF", 1007, frame(.text, [0xF4, 0x90, 0x80, 0x80])),
        Case("an overlong form", 1007, frame(.text, [0xC0, 0xAF])),
        // It fails fast: neither the fragment nor the message is whole.
        Case("bad UTF-8 in the first fragment", 1007, frame(.text, [0xFF], isFinal: false)),
        Case("bad UTF-8 in a frame that is not whole", 1007, [0x81, 0x85, 0, 0, 0, 0, 0xFF]),
        Case(
            "a scalar over two fragments that breaks off",
            1007,
            frame(.text, [0xE2, 0x82], isFinal: false) + frame(.continuation, [0x28], isFinal: false)
        ),
    ]

    static let closes: [Case] =
        [
            Case("close 1000", 1000, close(1000)), Case("close 1001", 1001, close(1001)),
            Case("close 3000", 3000, close(3000)),
            Case("close 4999 with a reason", 4999, close(4999, Array("bye".utf8))),
            Case("an empty close", nil, frame(.close)),
            Case("a close of one byte", 1002, frame(.close, [3])),
            Case("a reason that is no UTF-8", 1007, close(1000, [0xC3, 0x28])),
        ]
        + [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map {
            Case("close \($0)", 1002, close($0))
        }

    @Test("is answered with its close code", arguments: framing + texts + closes)
    func answers(_ hostile: Case) async throws {
        let server = try await SharedServer.get()
        for path in ["/echo", "/channels/frames"] {
            let client = try await WebSocketClient(SubscriberRequest(port: server.port), path: path)
            try await client.write(hostile.bytes)
            #expect(try await client.closeCode() == hostile.code, "\(path)")
            #expect(try await client.next() == .lost)
            try await client.reset()
        }
    }

    @Test("messages and control frames in between are taken apart rightly")
    func interleaved() async throws {
        let server = try await SharedServer.get()
        let client = try await WebSocketClient(SubscriberRequest(port: server.port), path: "/echo")
        let bytes =
            Self.frame(.text, Array("one ".utf8), isFinal: false) + Self.frame(.ping, [1, 2, 3])
            + Self.frame(.continuation, [0xE2], isFinal: false) + Self.frame(.pong, [9])
            + Self.frame(.continuation, [], isFinal: false) + Self.frame(.continuation, [0x82, 0xAC])
            + Self.frame(.binary) + Self.frame(.text, Array("two".utf8))
        // A byte at a time is the same.
        for byte in bytes { try await client.write([byte]) }
        #expect(try await client.next() == .pong([1, 2, 3]))
        #expect(try await client.next() == .text("one €"))
        #expect(try await client.next() == .binary([]))
        #expect(try await client.next() == .text("two"))
        try await client.send(.close, [0x03, 0xE8])
        #expect(try await client.next() == .closed(1000, ""))
        #expect(try await client.next() == .lost)
    }

    @Test("a message beyond the limit is 1009, as one frame or as many")
    func tooLarge() async throws {
        try await withServer({
            $0.hub.maximumMessageBytes = 100_000; $0.maximumFrameBytes = 50_000
        }) { server in
            let cases: [[UInt8]] = [
                Self.frame(.binary, Array(repeating: 1, count: 50_001)),
                Self.frame(.binary, Array(repeating: 1, count: 50_000), isFinal: false)
                    + Self.frame(.continuation, Array(repeating: 1, count: 50_000), isFinal: false)
                    + Self.frame(.continuation, [1], isFinal: false),
            ]
            for bytes in cases {
                let client = try await WebSocketClient(SubscriberRequest(port: server.port), path: "/echo")
                try await client.write(bytes)
                #expect(try await client.closeCode() == 1009)
                try await client.reset()
            }
            try await server.expectAlive()
        }
    }
}
