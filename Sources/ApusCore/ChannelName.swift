/// The name of a channel: 1 to 255 bytes of visible ASCII.
///
/// Anything in 0x21...0x7E is allowed, except the names `.` and `..`, which proxies and browsers remove from paths.
/// Source: `spec/channels.md` §1.
public struct ChannelName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes.
    public static let maximumLength = 255

    /// The name as text, not percent-encoded.
    public let rawValue: String

    /// Checks a name.
    ///
    /// - Throws: `ApusError` with code `invalidChannel`, saying what is wrong with it.
    public init(_ rawValue: some StringProtocol) throws(ApusError) {
        let length = rawValue.utf8.count
        guard length > 0 else {
            throw ApusError(
                .invalidChannel,
                "A channel's name is empty; it needs 1 to \(Self.maximumLength) characters."
            )
        }
        guard length <= Self.maximumLength else {
            throw ApusError(
                .invalidChannel,
                "A channel's name has \(length) bytes; at most \(Self.maximumLength) are allowed."
            )
        }
        guard rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ApusError(
                .invalidChannel,
                "A channel's name holds a space, a control character or something outside ASCII; "
                    + "use letters, digits and punctuation."
            )
        }
        guard rawValue != ".", rawValue != ".." else {
            throw ApusError(.invalidChannel, "'\(rawValue)' can't name a channel, since paths lose it on the way.")
        }
        self.rawValue = String(rawValue)
    }

    /// The log beside a channel's own that tells who joins and leaves it.
    ///
    /// Its name begins with a space, so it equals no name that comes from outside.
    package static func arrivals(of channel: ChannelName) -> ChannelName {
        ChannelName(unchecked: " " + channel.rawValue)
    }

    /// Whether it names such a log.
    package var isArrivals: Bool { rawValue.utf8.first == UInt8(ascii: " ") }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text form.
    public var description: String { rawValue }
}
