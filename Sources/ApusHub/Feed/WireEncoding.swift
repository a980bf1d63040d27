package import ApusWire
import NIOCore

/// Everything that decides how a message's bytes look: subscribers with equal encodings share each slice.
package struct WireEncoding: Hashable {
    package let framing: AnyFraming
    package let coding: BodyCoding

    package init(_ framing: some StreamFraming, coding: BodyCoding, carriesGaps: Bool = true) {
        self.framing = AnyFraming(framing, carriesGaps: carriesGaps)
        self.coding = coding
    }
}

/// A framing of any kind, comparable with others.
package struct AnyFraming: Hashable {
    package let base: any StreamFraming
    /// Whether lost history can be said in this framing; if not, a gap ends the stream.
    package let carriesGaps: Bool
    private let key: AnyHashable

    init(_ base: some StreamFraming, carriesGaps: Bool) {
        self.base = base
        self.carriesGaps = carriesGaps
        key = AnyHashable(base)
    }

    package static func == (left: AnyFraming, right: AnyFraming) -> Bool {
        left.key == right.key && left.carriesGaps == right.carriesGaps
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(key)
    }
}
