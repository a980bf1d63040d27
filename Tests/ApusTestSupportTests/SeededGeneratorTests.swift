import ApusTestSupport
import Testing

@Suite struct SeededGeneratorTests {
    @Test func theSequenceIsSplitMix64() {
        // The published first values of SplitMix64 for the seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func piecesAreNotEmptyAndJoinToTheWhole() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            let bytes = generator.bytes(count: 0...300)
            let pieces = generator.pieces(of: bytes, atMost: 17)
            #expect(Array(pieces.joined()) == bytes)
            #expect(pieces.allSatisfy { (1...17).contains($0.count) })
        }
    }
}
