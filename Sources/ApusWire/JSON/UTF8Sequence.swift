/// Strict UTF-8, as the Unicode Standard's table 3-7 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
    /// How many bytes the sequence at this index has; nil if it is ill-formed or cut off.
    static func length(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int? {
        let left = bytes.count - index
        guard left > 0 else { return nil }
        let first = bytes[index]
        guard first >= 0x80 else { return 1 }
        guard left > 1 else { return nil }
        let second = bytes[index + 1]
        let secondIsAllowed =
            switch first {
            case 0xC2...0xDF, 0xE1...0xEC, 0xEE...0xEF, 0xF1...0xF3: isContinuation(second)
            case 0xE0: (0xA0...0xBF).contains(second)
            case 0xED: (0x80...0x9F).contains(second)
            case 0xF0: (0x90...0xBF).contains(second)
            case 0xF4: (0x80...0x8F).contains(second)
            default: false
            }
        guard secondIsAllowed else { return nil }
        if first < 0xE0 { return 2 }
        guard left > 2, isContinuation(bytes[index + 2]) else { return nil }
        if first < 0xF0 { return 3 }
        guard left > 3, isContinuation(bytes[index + 3]) else { return nil }
        return 4
    }

    /// Whether all of it is well-formed.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes.count - index >= 8,
                bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                index += 8
                continue
            }
            guard let length = length(in: bytes, at: index) else { return false }
            index += length
        }
        return true
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
