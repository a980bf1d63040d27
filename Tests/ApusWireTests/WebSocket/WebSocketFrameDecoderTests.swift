import ApusTestSupport
import ApusWire
import NIOCore
import Testing

@Suite struct WebSocketFrameDecoderTests {
    private static let key = WebSocketMaskingKey(rawValue: 0x37FA_213D)

    /// A frame that was read, or what was wrong.
    private struct Outcome: Equatable {
        var frames: [Frame] = []
        var violation: WebSocketViolation?
    }

    private struct Frame: Equatable {
        let opcode: WebSocketOpcode
        let isFinal: Bool
        let isCompressed: Bool
        let payload: ByteBuffer
    }

    /// RFC 6455 §5.7.
    @Test func theExamplesOfTheStandardAreRead() {
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(decode([masked]) == Outcome(frames: [text("Hello")]))
        let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        let expected = [
            Frame(opcode: .text, isFinal: false, isCompressed: false, payload: ByteBuffer(string: "Hel")),
            Frame(opcode: .continuation, isFinal: true, isCompressed: false, payload: ByteBuffer(string: "lo")),
        ]
        #expect(decode([fragments], role: Self.client) == Outcome(frames: expected))
    }

    @Test func everySplitReadsTheSame() {
        var stream = ByteBuffer()
        for (length, opcode) in [(5, WebSocketOpcode.text), (0, .ping), (126, .binary), (125, .pong), (300, .text)] {
            WebSocketFrameWriter.append(
                opcode: opcode,
                payload: ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0) }),
                mask: Self.key,
                to: &stream
            )
        }
        let bytes = Array(stream.readableBytesView)
        let whole = decode([bytes])
        #expect(whole.frames.count == 5)
        #expect(decode(bytes.map { [$0] }) == whole)
        for split in 0...bytes.count {
            #expect(decode([Array(bytes[..<split]), Array(bytes[split...])]) == whole)
        }
    }

    @Test func longFramesAreReadWithAllFormsOfLength() {
        for length in [125, 126, 65535, 65536] {
            let payload = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0) })
            var stream = ByteBuffer()
            WebSocketFrameWriter.append(opcode: .binary, payload: payload, mask: Self.key, to: &stream)
            #expect(decode([Array(stream.readableBytesView)]).frames.map(\.payload) == [payload])
        }
    }

    /// RFC 6455 §5.1.
    @Test func theMaskIsDemandedFromClientsAndRefusedFromServers() {
        #expect(decode([[0x81, 0x00]]) == Outcome(violation: .notMasked))
        #expect(decode([[0x81, 0x80, 0, 0, 0, 0]], role: Self.client) == Outcome(violation: .masked))
        #expect(decode([[0x81, 0x00]], role: Self.client) == Outcome(frames: [text("")]))
    }

    /// RFC 6455 §5.2.
    @Test(arguments: [0x90, 0xA0, 0xB0, 0xF0] as [UInt8])
    func reservedBitsAreRefused(bits: UInt8) {
        #expect(decode([[bits | 0x1]], allowsCompression: true) == Outcome(violation: .reservedBits))
    }

    /// RFC 7692 §6.
    @Test func theCompressionBitStandsOnlyOnTheFirstFrameOfAMessageAndOnlyWhenAgreedOn() {
        let payload: [UInt8] = [0x80, 0, 0, 0, 0]
        #expect(decode([[0xC1]]) == Outcome(violation: .reservedBits))
        #expect(decode([[0xC2] + payload], allowsCompression: true).frames.map(\.isCompressed) == [true])
        for opcode in [0x0, 0x8, 0x9, 0xA] as [UInt8] {
            #expect(decode([[0xC0 | opcode]], allowsCompression: true) == Outcome(violation: .reservedBits))
        }
    }

    /// RFC 6455 §5.2.
    @Test(arguments: [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8])
    func reservedOpcodesAreRefused(opcode: UInt8) {
        #expect(decode([[0x80 | opcode]]) == Outcome(violation: .reservedOpcode(opcode)))
    }

    /// RFC 6455 §5.2: the minimal number of bytes, and the most significant bit 0.
    @Test func lengthsInOtherFormsAreRefused() {
        #expect(decode([[0x82, 0xFE, 0x00, 0x7D]]) == Outcome(violation: .malformedLength))
        #expect(decode([[0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]]) == Outcome(violation: .malformedLength))
        #expect(decode([[0x82, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0]]) == Outcome(violation: .malformedLength))
        #expect(decode([[0x82, 0xFF] + Array(repeating: 0xFF, count: 8)]) == Outcome(violation: .malformedLength))
    }

    /// RFC 6455 §5.5.
    @Test(arguments: [0x8, 0x9, 0xA] as [UInt8])
    func controlFramesAreWholeAndShort(opcode: UInt8) {
        #expect(decode([[opcode]]) == Outcome(violation: .fragmentedControlFrame))
        #expect(decode([[0x80 | opcode, 0xFE]]) == Outcome(violation: .longControlFrame))
        #expect(decode([[0x80 | opcode, 0xFF]]) == Outcome(violation: .longControlFrame))
        let longest = [0x80 | opcode, 0xFD, 0, 0, 0, 0] + [UInt8](repeating: 0x61, count: 125)
        #expect(decode([longest], limit: 10).frames.map(\.payload.readableBytes) == [125])
    }

    @Test func aFrameAboveTheLimitIsRefusedFromItsHeaderOn() {
        #expect(decode([[0x82, 0xFE, 0x03, 0xE9]], limit: 1000) == Outcome(violation: .frameTooLarge(limit: 1000)))
        let huge: [UInt8] = [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(decode([huge], limit: 1000) == Outcome(violation: .frameTooLarge(limit: 1000)))
        #expect(decode([huge], limit: .max).violation == nil)
        let exact = [0x82, 0xFE, 0x03, 0xE8, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 1000)
        #expect(decode([exact], limit: 1000).frames.count == 1)
    }

    @Test func nothingIsReadAfterAViolation() {
        var decoder = WebSocketFrameDecoder(role: .server, limit: 100, allowsCompression: false)
        decoder.append(ByteBuffer(bytes: [0x83]))
        #expect(throws: WebSocketViolation.reservedOpcode(3)) { try decoder.nextHeader() }
        decoder.append(ByteBuffer(bytes: [0x81, 0x80, 0, 0, 0, 0]))
        #expect(throws: WebSocketViolation.reservedOpcode(3)) { try decoder.nextHeader() }
        #expect(decoder.bufferedBytes == 0)
    }

    @Test func aPayloadIsHandedOnAsItArrivesAndNothingIsKept() throws {
        var decoder = WebSocketFrameDecoder(role: Self.client, limit: 1_000_000, allowsCompression: false)
        decoder.append(ByteBuffer(bytes: [0x82, 0x7F, 0, 0, 0, 0, 0, 0x0F, 0x42, 0x40, 1, 2, 3]))
        let header = try decoder.nextHeader()
        #expect(header?.length == 1_000_000)
        var payload = ByteBuffer()
        let isWhole = decoder.readPayload(into: &payload)
        #expect(!isWhole)
        #expect(payload == ByteBuffer(bytes: [1, 2, 3]))
        #expect(payload.storageCapacity < 100)
        #expect(decoder.bufferedBytes == 0)
        let next = try decoder.nextHeader()
        #expect(next == nil)
    }

    @Test func randomBytesAreEitherFramesOrAViolation() {
        var generator = SeededGenerator(seed: 6455)
        var violations = 0
        var frames = 0
        var excesses = 0
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            // Half of them have a sound beginning, to come further.
            if Bool.random(using: &generator) {
                bytes[0] = bytes[0] & 0x8F
                if bytes.count > 1 { bytes[1] = 0x80 | bytes[1] % 32 }
            }
            let outcome = decode([bytes], limit: 64, allowsCompression: Bool.random(using: &generator))
            frames += outcome.frames.count
            violations += outcome.violation == nil ? 0 : 1
            excesses += outcome.frames.allSatisfy { $0.payload.readableBytes <= 125 } ? 0 : 1
        }
        #expect(excesses == 0)
        #expect(frames > 1000)
        #expect(violations > 1000)
    }

    private static let client = WebSocketRole.client { WebSocketMaskingKey(rawValue: 0x37FA_213D) }

    private func text(_ string: String) -> Frame {
        Frame(opcode: .text, isFinal: true, isCompressed: false, payload: ByteBuffer(string: string))
    }

    private func decode(
        _ chunks: [[UInt8]],
        role: WebSocketRole = .server,
        limit: Int = 100_000,
        allowsCompression: Bool = false
    ) -> Outcome {
        var decoder = WebSocketFrameDecoder(role: role, limit: limit, allowsCompression: allowsCompression)
        var outcome = Outcome()
        var header: WebSocketFrameHeader?
        var payload = ByteBuffer()
        do throws(WebSocketViolation) {
            for chunk in chunks {
                decoder.append(ByteBuffer(bytes: chunk))
                while true {
                    if header == nil { header = try decoder.nextHeader() }
                    guard let current = header, decoder.readPayload(into: &payload) else { break }
                    outcome.frames.append(
                        Frame(
                            opcode: current.opcode,
                            isFinal: current.isFinal,
                            isCompressed: current.isCompressed,
                            payload: payload
                        )
                    )
                    header = nil
                    payload = ByteBuffer()
                }
                #expect(decoder.bufferedBytes < WebSocketFrameHeader.maximumBytes)
            }
        } catch {
            outcome.violation = error
        }
        return outcome
    }
}
