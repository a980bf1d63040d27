/// One incarnation of a channel's log: positions of different epochs can't be compared.
///
/// Its text is the number in base 36, 1 to 7 characters of `[0-9a-z]`. Source: `spec/channels.md` §1.
public struct Epoch: Hashable, Sendable, CustomStringConvertible {
    /// The number behind the text; never 0.
    public let rawValue: UInt32

    /// An epoch by its number, or nil for 0.
    public init?(rawValue: UInt32) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// A new epoch, at random.
    public static func random() -> Epoch {
        random(using: SystemRandomNumberGenerator())
    }

    /// A new epoch from a source of random numbers.
    public static func random(using generator: consuming some RandomNumberGenerator) -> Epoch {
        Epoch(nonZero: UInt32.random(in: 1...UInt32.max, using: &generator))
    }

    /// Reads the text form; nil if it is none.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard (1...7).contains(bytes.count), bytes.first != UInt8(ascii: "0") else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 36 + UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = value * 36 + UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        guard let rawValue = UInt32(exactly: value) else { return nil }
        self.init(rawValue: rawValue)
    }

    private init(nonZero: UInt32) {
        rawValue = nonZero
    }

    /// The text form.
    public var description: String { String(rawValue, radix: 36) }
}
