package import ApusCore

/// The JavaScript function that an iframe's messages call: names joined by full stops, below the parent window.
///
/// Nothing but letters, digits, `_`, `$` and `.` gets through, so no other code can come in by it (`spec/channels.md` §4).
package struct CallbackName: Hashable, Sendable {
    /// The longest name, in bytes.
    package static let maximumLength = 64
    /// What is called unless the request names another.
    package static let standard = CallbackName(unchecked: "onmessage")

    package let rawValue: String

    /// Checks a name.
    ///
    /// - Throws: `ApusError` with code `invalidParameter`.
    package init(_ rawValue: some StringProtocol) throws(ApusError) {
        let parts = rawValue.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard rawValue.utf8.count <= Self.maximumLength,
            parts.allSatisfy({ part in
                guard let first = part.first else { return false }
                return Self.canBegin(first) && part.allSatisfy { Self.canBegin($0) || (0x30...0x39).contains($0) }
            })
        else {
            throw ApusError(
                .invalidParameter,
                "The callback is no JavaScript name; use letters, digits, _ and $, joined by full stops, "
                    + "at most \(Self.maximumLength) bytes, for example app.onmessage."
            )
        }
        self.rawValue = String(rawValue)
    }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    private static func canBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"),
            UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
