/// A path below the pages: decoded segments that are safe to look up, in a table as well as in a folder.
package struct PagePath: Hashable, Sendable {
    /// The most segments.
    package static let maximumSegments = 16
    /// The longest segment, in bytes: what common file systems allow for a name.
    package static let maximumSegmentLength = 255

    /// The segments, none of them empty or beginning with a full stop, none with a separator or a control character.
    package let segments: [String]
    /// Whether the path ended in `/`, so that it names a folder.
    package let isFolder: Bool

    /// Reads a path as it came; nil for one that no page can have.
    ///
    /// Clients resolve `.` and `..` before they send (RFC 3986 §5.2.4); one that arrives, coded or not, is no honest
    /// mistake, and neither is `//`, which after a redirect would name another host (RFC 3986 §4.2). None of these is
    /// repaired. Names that begin with a full stop are left out whole, so that a `.git` in a folder stays private.
    package init?(_ path: Substring) {
        guard path.first == "/" else { return nil }
        var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        isFolder = parts.last?.isEmpty ?? true
        if isFolder { parts = parts.dropLast() }
        guard parts.count <= Self.maximumSegments else { return nil }
        var segments: [String] = []
        for part in parts {
            guard let segment = PercentDecoding.decode(part), Self.isSafe(segment) else { return nil }
            segments.append(segment)
        }
        self.segments = segments
    }

    /// The segments joined by `/`: what a table of pages is keyed by. Empty for the root.
    package var key: String {
        segments.joined(separator: "/")
    }

    private static func isSafe(_ segment: String) -> Bool {
        (1...maximumSegmentLength).contains(segment.utf8.count) && segment.utf8.first != UInt8(ascii: ".")
            && segment.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar != "/" && scalar != "\\"
            }
    }
}
