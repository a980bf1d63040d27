/// `If-None-Match`: what a client has already (RFC 9110 §13.1.2).
package struct EntityTagCondition: Hashable, Sendable {
    /// The longest header that is read, in bytes; a longer one matches nothing, which only costs bytes.
    package static let maximumLength = 4096

    private let any: Bool
    /// Opaque tags in their quotes, without `W/`: the comparison is the weak one (RFC 9110 §8.8.3.2).
    private let tags: [Substring]

    /// Reads a header's value; nil matches nothing.
    package init(_ text: String?) {
        guard let text, text.utf8.count <= Self.maximumLength else {
            any = false
            tags = []
            return
        }
        let trimmed = HeaderList.trimmed(text[...])
        any = trimmed == "*"
        tags = any ? [] : Self.read(trimmed)
    }

    /// Whether the client has this entity tag, given with its quotes and perhaps `W/`.
    package func matches(_ entityTag: String) -> Bool {
        any || tags.contains(Self.opaque(entityTag[...]))
    }

    private static func opaque(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }

    /// An opaque tag may hold commas, so the list is cut at quotes; there are no escapes in it (RFC 9110 §8.8.3).
    private static func read(_ text: Substring) -> [Substring] {
        var tags: [Substring] = []
        var rest = text
        while tags.count < HeaderList.maximumElements, let open = rest.firstIndex(of: "\"") {
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "\"") else { break }
            tags.append(rest[open...close])
            rest = inside[inside.index(after: close)...]
        }
        return tags
    }
}
