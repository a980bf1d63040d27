/// A header's value as a list with parameters, the shape that `Accept` and `Prefer` share: `a;x=1, b;y="2,3"`.
///
/// Reading is bounded and never fails: both headers only state wishes, so what can't be read is left out.
struct HeaderList {
    /// The most elements that are read; what follows is ignored.
    static let maximumElements = 64
    /// The most parameters of one element that are read.
    static let maximumParameters = 16

    /// One element with its parameters, names in lower case.
    struct Element: Hashable {
        var value: String
        var parameters: [Parameter]
    }

    /// `name=value`, without the quotes; nil without `=`.
    struct Parameter: Hashable {
        var name: String
        var value: String?
    }

    let elements: [Element]

    /// Reads a field's value, several lines joined by commas (RFC 9110 §5.3).
    init(_ text: String) {
        elements = Self.split(text[...], at: UInt8(ascii: ","), limit: Self.maximumElements).compactMap { part in
            let pieces = Self.split(part, at: UInt8(ascii: ";"), limit: Self.maximumParameters + 1)
            guard let first = pieces.first, !first.isEmpty else { return nil }
            return Element(value: first.lowercased(), parameters: pieces.dropFirst().compactMap(Self.parameter))
        }
    }

    private static func parameter(_ text: Substring) -> Parameter? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = trimmed(parts[0]).lowercased()
        guard !name.isEmpty else { return nil }
        return Parameter(name: name, value: parts.count == 2 ? unquoted(trimmed(parts[1])) : nil)
    }

    /// Splits outside quoted strings (RFC 9110 §5.6.4); an unclosed one reaches to the end.
    private static func split(_ text: Substring, at separator: UInt8, limit: Int) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quoted = false
        var escaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = quoted
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            } else if byte == separator, !quoted {
                parts.append(trimmed(text[start..<index]))
                guard parts.count < limit else { return parts }
                start = text.utf8.index(after: index)
            }
        }
        parts.append(trimmed(text[start...]))
        return parts
    }

    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.first == "\"" else { return String(text) }
        var value = ""
        var escaped = false
        for scalar in text.dropFirst().unicodeScalars {
            if escaped {
                value.unicodeScalars.append(scalar)
                escaped = false
            } else if scalar == "\\" {
                escaped = true
            } else if scalar == "\"" {
                break
            } else {
                value.unicodeScalars.append(scalar)
            }
        }
        return value
    }
}
