import ApusTestSupport
import ApusWire
import NIOCore
import Testing

@Suite struct DeflateTests {
    /// RFC 7692 §7.2.3.1, a message without and with a reference to the one before (§7.2.3.2), without compression
    /// (§7.2.3.3), with a final block (§7.2.3.4), in two blocks (§7.2.3.5).
    @Test(
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]]
    )
    func theExamplesOfTheStandardAreInflated(bytes: [UInt8]) throws {
        let inflater = try Inflater()
        // Twice: nothing of one message stays for the next.
        for _ in 0..<2 {
            #expect(try inflate(bytes, with: inflater) == ByteBuffer(string: "Hello"))
        }
    }

    /// RFC 7692 §7.2.3.2.
    @Test func aMessageMayReferToTheOneBeforeOnlyWhereTheWindowIsKept() throws {
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let keeping = try Inflater()
        for bytes in [[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], second, second] {
            #expect(try inflate(bytes, with: keeping, keepsWindow: true) == ByteBuffer(string: "Hello"))
        }
        let fresh = try Inflater()
        #expect(try inflate([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], with: fresh).readableBytes == 5)
        #expect(throws: DeflateFailure.malformed) { try inflate(second, with: fresh) }
    }

    /// RFC 7692 §7.2.3.4: a final block does not end the window.
    @Test func theWindowOutlivesAFinalBlock() throws {
        let inflater = try Inflater()
        let first = try inflate([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], with: inflater, keepsWindow: true)
        #expect(first == ByteBuffer(string: "Hello"))
        let second = try inflate([0xF2, 0x00, 0x11, 0x00, 0x00], with: inflater, keepsWindow: true)
        #expect(second == ByteBuffer(string: "Hello"))
    }

    @Test func theExampleOfTheStandardIsCompressed() throws {
        let deflater = try Deflater()
        for _ in 0..<2 {
            var compressed = ByteBuffer(string: "before")
            deflater.compress(ByteBuffer(string: "Hello"), to: &compressed)
            compressed.moveReaderIndex(forwardBy: 6)
            #expect(compressed == ByteBuffer(bytes: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]))
        }
    }

    /// RFC 7692 §7.2.3.6.
    @Test func anEmptyMessageIsOneByte() throws {
        var compressed = ByteBuffer()
        try Deflater().compress(ByteBuffer(), to: &compressed)
        #expect(compressed == ByteBuffer(bytes: [0x00]))
        #expect(try inflate([0x00], with: Inflater()) == ByteBuffer())
    }

    @Test(arguments: 9...15)
    func everyWindowRoundTrips(windowBits: Int) throws {
        var generator = SeededGenerator(seed: UInt64(windowBits))
        let deflater = try Deflater(windowBits: windowBits, level: 6)
        let inflater = try Inflater()
        for length in [1, 2, 100, 511, 5000, 20_000] {
            // Both what compresses well and what doesn't.
            for range in [0...3, 0...255] as [ClosedRange<UInt8>] {
                let message = ByteBuffer(bytes: (0..<length).map { _ in UInt8.random(in: range, using: &generator) })
                var compressed = ByteBuffer()
                deflater.compress(message, to: &compressed)
                var inflated = ByteBuffer()
                try inflater.inflate(compressed, limit: length, to: &inflated)
                #expect(inflated == message)
            }
        }
    }

    @Test func aBombStopsAtTheLimit() throws {
        var bomb = ByteBuffer()
        try Deflater(level: 9).compress(ByteBuffer(repeating: 0, count: 10_000_000), to: &bomb)
        #expect(bomb.readableBytes < 20_000)
        let inflater = try Inflater()
        var inflated = ByteBuffer(string: "before")
        #expect(throws: DeflateFailure.tooLarge(limit: 100_000)) {
            try inflater.inflate(bomb, limit: 100_000, to: &inflated)
        }
        #expect(inflated == ByteBuffer(string: "before"))
        #expect(inflated.storageCapacity <= 1 << 18)
        #expect(throws: DeflateFailure.tooLarge(limit: 9_999_999)) {
            try inflater.inflate(bomb, limit: 9_999_999, to: &inflated)
        }
        try inflater.inflate(bomb, limit: 10_000_000, to: &inflated)
        #expect(inflated.readableBytes == 10_000_006)
        #expect(throws: DeflateFailure.tooLarge(limit: 0)) { try inflater.inflate(bomb, limit: 0, to: &inflated) }
    }

    @Test(
        arguments: [
            [0x07], [0xF2, 0x48], [0xF2, 0x48, 0xCD, 0xC9], [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65], [0xFF, 0xFF],
            [],
        ]
            as [[UInt8]]
    )
    func whatIsCutOrNoDeflateDataIsRefused(bytes: [UInt8]) throws {
        #expect(throws: DeflateFailure.malformed) { try inflate(bytes, with: Inflater()) }
    }

    @Test func mutatedMessagesNeverExceedTheLimitNorSpoilTheNextOne() throws {
        var generator = SeededGenerator(seed: 7692)
        let inflater = try Inflater()
        let text = ByteBuffer(string: String(repeating: "a subscriber is a cursor; ", count: 8))
        var compressed = ByteBuffer()
        try Deflater(level: 6).compress(text, to: &compressed)
        let sound = Array(compressed.readableBytesView)
        var failures = 0
        var excesses = 0
        for _ in 0..<20_000 {
            var bytes = sound
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: .min ... .max,
                    using: &generator
                )
            }
            var inflated = ByteBuffer()
            do {
                try inflater.inflate(ByteBuffer(bytes: bytes), limit: 500, to: &inflated)
                excesses += inflated.readableBytes <= 500 ? 0 : 1
            } catch {
                failures += 1
                excesses += inflated.readableBytes == 0 ? 0 : 1
            }
        }
        #expect(excesses == 0)
        #expect(failures > 1000)
        #expect(try inflate(sound, with: inflater) == text)
    }

    private func inflate(
        _ bytes: [UInt8],
        with inflater: Inflater,
        keepsWindow: Bool = false
    ) throws(DeflateFailure) -> ByteBuffer {
        var inflated = ByteBuffer()
        try inflater.inflate(ByteBuffer(bytes: bytes), limit: 1000, keepsWindow: keepsWindow, to: &inflated)
        return inflated
    }
}
