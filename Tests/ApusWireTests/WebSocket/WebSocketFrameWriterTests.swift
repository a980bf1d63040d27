import ApusWire
import NIOCore
import Testing

@Suite struct WebSocketFrameWriterTests {
    private let key = WebSocketMaskingKey(rawValue: 0x37FA_213D)

    /// RFC 6455 §5.7.
    @Test func theExamplesOfTheStandardAreWritten() {
        #expect(frame(.text, "Hello") == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            frame(.text, "Hello", mask: key) == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        )
        #expect(frame(.text, "Hel", isFinal: false) == [0x01, 0x03, 0x48, 0x65, 0x6C])
        #expect(frame(.continuation, "lo") == [0x80, 0x02, 0x6C, 0x6F])
        #expect(frame(.ping, "Hello") == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            frame(.pong, "Hello", mask: key) == [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        )
        #expect(frame(.binary, String(repeating: "a", count: 256)).prefix(4) == [0x82, 0x7E, 0x01, 0x00])
        #expect(
            frame(.binary, String(repeating: "a", count: 65536)).prefix(10)
                == [0x82, 0x7F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00]
        )
    }

    /// RFC 6455 §5.2.
    @Test(arguments: [(0, 2), (125, 2), (126, 4), (65535, 4), (65536, 10)])
    func lengthsTakeTheirShortestForm(length: Int, headerBytes: Int) {
        for mask in [nil, key] {
            let header = WebSocketFrameHeader(opcode: .binary, maskingKey: mask, length: length)
            var buffer = ByteBuffer()
            header.append(to: &buffer)
            #expect(buffer.readableBytes == headerBytes + (mask == nil ? 0 : 4))
            #expect(header.headerBytes == buffer.readableBytes)
        }
    }

    @Test func aFrameAroundBytesWrittenInPlaceIsTheSameAsOneAroundAPayload() {
        for length in [0, 1, 5, 124, 125, 126, 127, 130, 65534, 65535, 65536, 65540] {
            let payload = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0) })
            for expectedLength in [length, 0, 126, 70000] {
                for mask in [nil, key] {
                    var whole = ByteBuffer(string: "before")
                    WebSocketFrameWriter.append(
                        opcode: .text,
                        payload: payload,
                        rsv1: true,
                        mask: mask,
                        to: &whole
                    )
                    var inPlace = ByteBuffer(string: "xxbefore")
                    inPlace.moveReaderIndex(forwardBy: 2)
                    WebSocketFrameWriter.append(
                        opcode: .text,
                        expectedLength: expectedLength,
                        rsv1: true,
                        mask: mask,
                        to: &inPlace
                    ) { $0.writeImmutableBuffer(payload) }
                    #expect(whole == inPlace)
                }
            }
        }
    }

    @Test func aBodyThatFailsLeavesNothingBehind() {
        struct Refused: Error {}
        var buffer = ByteBuffer(string: "before")
        #expect(throws: Refused.self) {
            try WebSocketFrameWriter.append(opcode: .text, expectedLength: 3, to: &buffer) { buffer in
                buffer.writeString("ab")
                throw Refused()
            }
        }
        #expect(buffer == ByteBuffer(string: "before"))
    }

    /// RFC 6455 §5.3.
    @Test func maskingGoesByWordsAsItGoesByBytes() {
        let bytes = (0..<100).map { UInt8($0) }
        let keyBytes: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        for position in 0..<9 {
            for length in 0...100 {
                var masked = Array(bytes.prefix(length))
                masked.withUnsafeMutableBytes { key.apply(to: $0, position: position) }
                let expected = (0..<length).map { bytes[$0] ^ keyBytes[($0 + position) % 4] }
                #expect(masked == expected)
            }
        }
    }

    private func frame(
        _ opcode: WebSocketOpcode,
        _ payload: String,
        isFinal: Bool = true,
        mask: WebSocketMaskingKey? = nil
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        WebSocketFrameWriter.append(
            opcode: opcode,
            payload: ByteBuffer(string: payload),
            isFinal: isFinal,
            mask: mask,
            to: &buffer
        )
        return Array(buffer.readableBytesView)
    }
}
