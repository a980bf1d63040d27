/// Random numbers that are the same in every run, for fuzz tests: a failure names its seed and comes back.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014): a counter in steps of
/// the golden ratio, mixed. Good enough to choose test input, nothing else.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var counter: UInt64

    package init(seed: UInt64) {
        counter = seed
    }

    package mutating func next() -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var mixed = counter
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Random bytes, as many as a number drawn from the range.
    package mutating func bytes(count: ClosedRange<Int>) -> [UInt8] {
        let length = Int.random(in: count, using: &self)
        return (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }

    /// Cuts bytes at random places into pieces that are not empty.
    package mutating func pieces<Bytes: RandomAccessCollection<UInt8>>(
        of bytes: Bytes,
        atMost pieceBytes: Int
    ) -> [Bytes.SubSequence] {
        var pieces: [Bytes.SubSequence] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 1...max(1, min(pieceBytes, rest.count)), using: &self)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
