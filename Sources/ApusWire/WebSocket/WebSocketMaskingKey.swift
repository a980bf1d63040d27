/// The four bytes that a client's payload is combined with by exclusive or (RFC 6455 §5.3).
package struct WebSocketMaskingKey: Hashable, Sendable {
    /// The bytes, the first one the most significant.
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Masks or unmasks bytes where they lie.
    ///
    /// - Parameter position: how many bytes of the same payload came before these.
    package func apply(to bytes: UnsafeMutableRawBufferPointer, position: Int) {
        copy(UnsafeRawBufferPointer(bytes), to: bytes, position: position)
    }

    /// Masks or unmasks bytes on their way to another place, which is at least as large, or the very same.
    package func copy(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, position: Int) {
        let shift = UInt32(truncatingIfNeeded: position & 3) * 8
        // In the order of memory, so that words and bytes agree on every machine.
        let word = (shift == 0 ? rawValue : rawValue << shift | rawValue >> (32 - shift)).bigEndian
        let doubled = UInt64(word) | UInt64(word) << 32
        var index = 0
        while index + 32 <= input.count {
            let a = input.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let b = input.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
            let c = input.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self)
            let d = input.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self)
            output.storeBytes(of: a ^ doubled, toByteOffset: index, as: UInt64.self)
            output.storeBytes(of: b ^ doubled, toByteOffset: index + 8, as: UInt64.self)
            output.storeBytes(of: c ^ doubled, toByteOffset: index + 16, as: UInt64.self)
            output.storeBytes(of: d ^ doubled, toByteOffset: index + 24, as: UInt64.self)
            index += 32
        }
        while index + 8 <= input.count {
            let word = input.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            output.storeBytes(of: word ^ doubled, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        // 32 and 8 are multiples of 4, so the key begins anew here.
        withUnsafeBytes(of: word) { key in
            var place = 0
            while index < input.count {
                output[index] = input[index] ^ key[place]
                index += 1
                place = (place + 1) & 3
            }
        }
    }
}
