package import ApusCore

/// What a client accepts: `Accept` with its media ranges and weights (RFC 9110 §12.5.1).
///
/// Parameters of a type other than `q` do not narrow a match: what we send has no variants by parameter.
package struct AcceptedTypes: Hashable, Sendable {
    /// The longest header that is read, in bytes; of a longer one nothing is known.
    package static let maximumLength = 4096

    /// One media range.
    package struct Range: Hashable, Sendable {
        /// In lower case; `*` is any.
        package let type: String
        /// In lower case; `*` is any.
        package let subtype: String
        /// The weight in thousandths: 0 is "not acceptable", 1000 is the most (RFC 9110 §12.4.2).
        package let weight: Int

        /// Whether it names one type and not a range of them.
        package var isConcrete: Bool { type != "*" && subtype != "*" }

        fileprivate func specificity(for type: Substring, _ subtype: Substring) -> Int? {
            if self.type == "*" { return 0 }
            guard self.type == type else { return nil }
            if self.subtype == "*" { return 1 }
            return self.subtype == subtype ? 2 : nil
        }
    }

    /// In the order of the header.
    package let ranges: [Range]

    /// Reads a header's value; what is malformed in it is left out.
    package init(_ text: String?) {
        guard let text, text.utf8.count <= Self.maximumLength else {
            ranges = []
            return
        }
        ranges = HeaderList(text).elements.compactMap(Self.range)
    }

    /// The weight in thousandths that the most specific range gives to a type; nil if none covers it.
    package func weight(of essence: String) -> Int? {
        let parts = essence.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var best: (specificity: Int, weight: Int)?
        for range in ranges {
            guard let specificity = range.specificity(for: parts[0], parts[1]) else { continue }
            if best.map({ specificity > $0.specificity }) ?? true { best = (specificity, range.weight) }
        }
        return best?.weight
    }

    /// Whether a message of this type may be sent.
    package func accepts(_ contentType: ContentType) -> Bool {
        (weight(of: contentType.essence) ?? 0) > 0
    }

    /// The concrete range of greatest weight among some types; of equals the one that stands first. Nil if none has a
    /// weight above 0.
    package func preferred(among essences: Set<String>) -> Range? {
        var best: Range?
        for range in ranges where range.weight > 0 && essences.contains("\(range.type)/\(range.subtype)") {
            if range.weight > (best?.weight ?? 0) { best = range }
        }
        return best
    }

    /// Whether messages are wanted as they are, not in an array of JSON forms (`spec/channels.md` §4.2): a type other
    /// than JSON is named, and `application/json` is not. HTTP libraries for browsers put `application/json, text/plain,
    /// */*` into every request, and mean JSON by it.
    package var asksForRaw: Bool {
        var named = false
        for range in ranges where range.isConcrete && range.weight > 0 {
            if range.type == "application", range.subtype == "json" { return false }
            if !range.subtype.hasSuffix("+json") { named = true }
        }
        return named
    }

    private static func range(_ element: HeaderList.Element) -> Range? {
        let parts = element.value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), parts[0] != "*" || parts[1] == "*" else {
            return nil
        }
        var weight = 1000
        if let q = element.parameters.first(where: { $0.name == "q" }) {
            guard let value = q.value.flatMap(thousandths) else { return nil }
            weight = value
        }
        return Range(type: String(parts[0]), subtype: String(parts[1]), weight: weight)
    }

    /// `0`, `1`, or with up to three decimals, at most 1 (RFC 9110 §12.4.2).
    private static func thousandths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == "0" || parts[0] == "1" else { return nil }
        var value = parts[0] == "1" ? 1000 : 0
        if parts.count == 2, !parts[1].isEmpty {
            guard parts[1].utf8.count <= 3, let fraction = DecimalNumber.read(parts[1]) else { return nil }
            value += fraction * [1, 100, 10, 1][parts[1].utf8.count]
        }
        return value <= 1000 ? value : nil
    }
}
