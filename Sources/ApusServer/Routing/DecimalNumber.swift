/// A whole number in decimal digits only, as protocols write it; Swift's own `Int(_:)` also takes a sign.
enum DecimalNumber {
    /// The most digits that are read.
    static let maximumDigits = 18

    /// Reads 1 to 18 digits; nil for anything else.
    static func read(_ text: some StringProtocol) -> Int? {
        let bytes = text.utf8
        guard (1...maximumDigits).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
