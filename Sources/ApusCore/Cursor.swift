/// Where a subscriber stands: one position for each of its channels, in the order in which it named them.
///
/// The text form joins the positions by a full stop: `k3f9zq-12` or `k3f9zq-12.h2k9aa-7`. It is safe in a URL, in an SSE
/// `id:` line and in an `ETag`. Source: `spec/channels.md` §1.
public struct Cursor: Hashable, Sendable, CustomStringConvertible {
    /// One for each channel, in the order of the request.
    public var positions: [Position]

    /// A cursor from its positions.
    public init(_ positions: [Position]) {
        self.positions = positions
    }

    /// A cursor on one channel.
    public init(_ position: Position) {
        positions = [position]
    }

    /// Reads the text form; nil if it is none.
    ///
    /// Double quotes around it, also after `W/`, are accepted as they stand in an `ETag` (RFC 9110 §8.8.3).
    public init?(_ text: some StringProtocol) {
        var body = Substring(text)
        if body.utf8.starts(with: "W/\"".utf8) { body = Substring(body.utf8.dropFirst(2)) }
        if body.utf8.first == UInt8(ascii: "\"") {
            guard body.utf8.count >= 2, body.utf8.last == UInt8(ascii: "\"") else { return nil }
            body = Substring(body.utf8.dropFirst().dropLast())
        }
        // The longest position has 24 bytes; more text than the most channels need is refused before it is split.
        guard !body.isEmpty, body.utf8.count <= 25 * Self.maximumPositions else { return nil }
        var positions: [Position] = []
        for part in body.split(atByte: UInt8(ascii: ".")) {
            guard let position = Position(part) else { return nil }
            positions.append(position)
        }
        guard positions.count <= Self.maximumPositions else { return nil }
        self.positions = positions
    }

    /// The most positions that a text form may hold; configurations can ask for fewer channels, not for more.
    public static let maximumPositions = 64

    /// The text form.
    public var description: String {
        positions.count == 1
            ? positions[0].description : positions.lazy.map(\.description).joined(separator: ".")
    }
}
