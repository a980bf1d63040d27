/// Checks UTF-8 as it arrives, at whatever bytes it is cut (RFC 3629 §4: no overlong forms, no surrogates, nothing above
/// U+10FFFF).
package struct UTF8Validator {
    /// How many bytes the current scalar still wants.
    private var missing = 0
    /// What its next byte has to be: narrower for the second byte of some scalars.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    package init() {}

    /// Whether the text so far ends with a whole scalar.
    package var isComplete: Bool { missing == 0 }

    /// Takes the next bytes.
    ///
    /// - Returns: false as soon as no text could go on like this; what is asked after that has no meaning.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if missing == 0 {
                index = Self.endOfWholeScalars(bytes, from: Self.endOfASCII(bytes, from: index))
                guard index < bytes.count else { return true }
                if bytes[index] >= 0x80 {
                    guard begin(bytes[index]) else { return false }
                }
            } else {
                guard bytes[index] >= lower, bytes[index] <= upper else { return false }
                missing -= 1
                lower = 0x80
                upper = 0xBF
            }
            index += 1
        }
        return true
    }

    /// The first byte of a scalar that isn't ASCII (RFC 3629 §4).
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { lower = 0xA0 }  // below: overlong
            if byte == 0xED { upper = 0x9F }  // above: surrogates
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { lower = 0x90 }  // below: overlong
            if byte == 0xF4 { upper = 0x8F }  // above: beyond U+10FFFF
        default: return false
        }
        return true
    }

    /// The first index at or after `start` where no whole scalar beyond ASCII begins that is surely right. What is ASCII,
    /// wrong, or near the end of the bytes is left to others.
    private static func endOfWholeScalars(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 4 <= bytes.count {
            let (first, second, third) = (bytes[index], bytes[index + 1], bytes[index + 2])
            guard second & 0xC0 == 0x80 else { return index }
            // The bits of the first two bytes, which tell all that is not allowed (RFC 3629 §4).
            let bits = UInt16(first) << 6 | UInt16(second & 0x3F)
            switch first {
            case 0xC2...0xDF:
                index += 2
            case 0xE0...0xEF:
                // From 0x20: not overlong. 0x360 to 0x37F: surrogates.
                guard third & 0xC0 == 0x80, bits & 0x3FF >= 0x20, bits & 0x3E0 != 0x360 else { return index }
                index += 3
            case 0xF0...0xF4:
                // From 0x10: not overlong. Up to 0x10F: not beyond U+10FFFF.
                guard third & 0xC0 == 0x80, bytes[index + 3] & 0xC0 == 0x80, (0x10...0x10F).contains(bits & 0x1FF)
                else { return index }
                index += 4
            default:
                return index
            }
        }
        return index
    }

    /// The first index at or after `start` whose byte is not ASCII, or the end.
    private static func endOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index + 32 <= bytes.count {
            let a = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let b = bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
            let c = bytes.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self)
            let d = bytes.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self)
            guard (a | b | c | d) & high == 0 else { break }
            index += 32
        }
        while index + 8 <= bytes.count, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & high == 0 {
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80 {
            index += 1
        }
        return index
    }
}
