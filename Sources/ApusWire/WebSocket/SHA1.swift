import NIOCore

/// SHA-1 (RFC 3174), which the WebSocket handshake asks for to prove that the server has read the key. It protects
/// nothing: don't use it for anything else.
struct SHA1 {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
    )

    /// The digest: 20 bytes.
    static func digest(_ message: some Collection<UInt8>) -> ByteBuffer {
        var padded = ByteBuffer(bytes: message)
        let bits = UInt64(padded.readableBytes) * 8
        padded.writeInteger(0x80 as UInt8)
        padded.writeRepeatingByte(0, count: (64 + 56 - padded.readableBytes % 64) % 64)
        padded.writeInteger(bits)

        var hash = SHA1()
        padded.withUnsafeReadableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 64) {
                hash.process(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64]))
            }
        }
        var digest = ByteBuffer()
        digest.writeMultipleIntegers(hash.state.0, hash.state.1, hash.state.2, hash.state.3, hash.state.4)
        return digest
    }

    /// One block of 64 bytes (RFC 3174 §6.2, with the circular queue of 16 words).
    private mutating func process(_ block: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { words in
            for index in 0..<16 {
                words[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            }
            var (a, b, c, d, e) = state
            for step in 0..<80 {
                let place = step & 15
                if step >= 16 {
                    words[place] = Self.rotate(
                        words[(step + 13) & 15] ^ words[(step + 8) & 15] ^ words[(step + 2) & 15] ^ words[place],
                        by: 1
                    )
                }
                let (mixed, constant): (UInt32, UInt32) =
                    switch step {
                    case ..<20: (b & c | ~b & d, 0x5A82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = Self.rotate(a, by: 5) &+ mixed &+ e &+ words[place] &+ constant
                (a, b, c, d, e) = (next, a, Self.rotate(b, by: 30), c, d)
            }
            state.0 &+= a
            state.1 &+= b
            state.2 &+= c
            state.3 &+= d
            state.4 &+= e
        }
    }

    private static func rotate(_ word: UInt32, by count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
