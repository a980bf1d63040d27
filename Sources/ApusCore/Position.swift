/// A place in a channel's log: after the message with this offset, in this epoch.
///
/// Offsets count from 1; 0 stands before the first message. The text form is `EPOCH-OFFSET`, for example `k3f9zq-12`.
/// Source: `spec/channels.md` §1.
public struct Position: Hashable, Sendable, CustomStringConvertible {
    /// The largest offset, 2^53 - 1, so that JavaScript's numbers hold every one (ECMA-262 §6.1.6.1).
    public static let maximumOffset: UInt64 = (1 << 53) - 1

    /// The incarnation of the log in which the offset counts.
    public var epoch: Epoch
    /// How many messages the log had taken up to here.
    public var offset: UInt64

    /// A position from its parts.
    public init(epoch: Epoch, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }

    /// Reads the text form; nil if it is none.
    public init?(_ text: some StringProtocol) {
        let parts = Substring(text).split(atByte: UInt8(ascii: "-"), maxSplits: 1)
        guard parts.count == 2, let epoch = Epoch(parts[0]), let offset = Self.offset(parts[1]) else { return nil }
        self.init(epoch: epoch, offset: offset)
    }

    /// The text form.
    public var description: String { "\(epoch)-\(offset)" }

    /// A decimal number without sign or leading zeros, at most `maximumOffset`.
    private static func offset(_ text: some StringProtocol) -> UInt64? {
        let bytes = text.utf8
        guard (1...16).contains(bytes.count), bytes.count == 1 || bytes.first != UInt8(ascii: "0") else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return value <= maximumOffset ? value : nil
    }
}
