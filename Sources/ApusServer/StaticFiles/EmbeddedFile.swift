/// A file of `pages/` inside the program, as `scripts/embed-pages` writes it.
package struct EmbeddedFile: Sendable {
    /// How the literal holds the bytes.
    package enum Body: Sendable {
        /// They are UTF-8 and stand there as they are.
        case text(StaticString)
        /// Base 64 (RFC 4648 §4).
        case base64(StaticString)
    }

    /// The path below `pages/`, with `/` between segments.
    package let path: StaticString
    /// The first 128 bits of the bytes' SHA-256, in hexadecimal.
    package let digest: StaticString
    /// The bytes.
    package let body: Body

    package init(path: StaticString, digest: StaticString, body: Body) {
        self.path = path
        self.digest = digest
        self.body = body
    }
}
