/// `Prefer: wait=N`, the wish for an answer that may take N seconds (RFC 7240 §4.3).
enum WaitPreference {
    /// The longest `Prefer` header that is read, in bytes.
    static let maximumLength = 1024

    /// The seconds asked for; nil without the preference. A malformed one is ignored, as RFC 7240 §2 demands, and of
    /// several the first counts.
    static func seconds(_ text: String?) -> Int? {
        guard let text, text.utf8.count <= maximumLength else { return nil }
        for element in HeaderList(text).elements {
            let parts = element.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, HeaderList.trimmed(parts[0]) == "wait" else { continue }
            var value = HeaderList.trimmed(parts[1])
            // A quoted value means the same as a bare one (RFC 7240 §2).
            if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            return DecimalNumber.read(value)
        }
        return nil
    }
}
