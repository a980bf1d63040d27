import ApusTestSupport
import ApusWire
import Testing

@Suite struct UTF8ValidatorTests {
    @Test(arguments: [
        "", "a", "κόσμε", "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}", "\u{D7FF}\u{E000}\u{FFFD}",
        "0123456789abcdef0123456789abcdef0123456789é", "👩‍👩‍👧‍👦 family",
    ])
    func textIsAccepted(text: String) {
        #expect(validates([Array(text.utf8)]))
    }

    /// RFC 3629 §3 and §10.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2, 0x7F], [0xC2, 0xC0], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
            [0xE2, 0x82, 0x41], [0xF0, 0x9F, 0x98, 0x41],
        ] as [[UInt8]]
    )
    func othersAreRefusedAtTheirFirstWrongByte(bytes: [UInt8]) {
        let padded = Array("0123456789abcdef0123456789abcdef!".utf8) + bytes
        #expect(!validates([padded]))
        #expect(!validates(padded.map { [$0] }))
        // The last byte is the wrong one, or the first of those beyond Unicode: nothing was held back.
        var validator = UTF8Validator()
        let isText = bytes.withUnsafeBytes { validator.consume($0) }
        #expect(!isText)
    }

    @Test(arguments: [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98]] as [[UInt8]])
    func halfAScalarIsNotComplete(bytes: [UInt8]) {
        var validator = UTF8Validator()
        let couldGoOn = bytes.withUnsafeBytes { validator.consume($0) }
        #expect(couldGoOn)
        #expect(!validator.isComplete)
    }

    @Test func everySplitGivesTheSameAnswer() {
        let bytes = Array("aé€😀 and some more ASCII text, longer than four words: κόσμε".utf8)
        #expect(validates(bytes.map { [$0] }))
        for split in 0...bytes.count {
            #expect(validates([Array(bytes[..<split]), Array(bytes[split...])]))
        }
    }

    @Test func itAgreesWithTheStandardLibrary() {
        var generator = SeededGenerator(seed: 3629)
        let leads: [UInt8] = [0x41, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF]
        var valid = 0
        var differences = 0
        for _ in 0..<30_000 {
            let bytes = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                Int.random(in: 0..<8, using: &generator) == 0
                    ? UInt8.random(in: .min ... .max, using: &generator)
                    : leads[Int.random(in: 0..<leads.count, using: &generator)]
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            valid += expected ? 1 : 0
            differences += validates([bytes]) == expected ? 0 : 1
        }
        #expect(differences == 0)
        #expect(valid > 1000)
    }

    private func validates(_ chunks: [[UInt8]]) -> Bool {
        var validator = UTF8Validator()
        for chunk in chunks {
            guard chunk.withUnsafeBytes({ validator.consume($0) }) else { return false }
        }
        return validator.isComplete
    }
}
