package import ApusCore

/// A request's target, taken apart but not decoded (RFC 9112 §3.2).
package struct RequestTarget: Hashable, Sendable {
    /// The longest target, in bytes.
    package static let maximumLength = 8192

    /// The path as it came, beginning with `/`; `*` for the asterisk-form.
    package let path: Substring
    /// What follows the first `?`, without it.
    package let query: Substring?
    /// Host and port of the absolute-form, which then count instead of the `Host` header (RFC 9112 §3.2.2).
    package let authority: Substring?

    /// Takes a target apart.
    ///
    /// - Throws: `ApusError` with code `badRequest` for what is neither origin-form, absolute-form nor `*`.
    package init(_ text: String) throws(ApusError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw ApusError(
                .badRequest,
                "The request's target has \(text.utf8.count) bytes; at most \(Self.maximumLength) are allowed."
            )
        }
        // Visible ASCII only (RFC 3986 §2); a fragment never travels (RFC 9110 §7.1).
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw ApusError(
                .badRequest,
                "The request's target holds a space, a control character, '#' or something outside ASCII; "
                    + "percent-encode it."
            )
        }
        let (authority, rest) = Self.splitAuthority(text)
        let parts = rest.split(atByte: UInt8(ascii: "?"), maxSplits: 1)
        let path = parts.first ?? ""
        guard
            path.utf8.first == UInt8(ascii: "/") || (path == "*" && authority == nil && parts.count == 1)
                || (path.isEmpty && authority != nil)
        else {
            throw ApusError(.badRequest, "'\(text.prefix(64))' is no request target; begin it with '/'.")
        }
        self.path = path.isEmpty ? "/" : path
        query = parts.count == 2 ? parts[1] : nil
        self.authority = authority
    }

    /// `http://host:port/path` → `host:port`, `/path`; anything else stays whole.
    private static func splitAuthority(_ text: String) -> (authority: Substring?, rest: Substring) {
        if text.utf8.first == UInt8(ascii: "/") { return (nil, text[...]) }
        for scheme in ["http://", "https://"] where text.prefix(scheme.utf8.count).lowercased() == scheme {
            let afterScheme = text.dropFirst(scheme.utf8.count)
            let authority = afterScheme.prefix { $0 != "/" && $0 != "?" }
            return (authority, afterScheme[authority.endIndex...])
        }
        return (nil, text[...])
    }
}
