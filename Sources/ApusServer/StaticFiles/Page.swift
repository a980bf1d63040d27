package import NIOCore

/// A file that is served as it is.
package struct Page: Hashable, Sendable {
    /// Its media type.
    package let contentType: String
    /// Its version, with quotes (RFC 9110 §8.8.3).
    package let entityTag: String
    /// Its bytes.
    package let bytes: ByteBuffer

    package init(contentType: String, entityTag: String, bytes: ByteBuffer) {
        self.contentType = contentType
        self.entityTag = entityTag
        self.bytes = bytes
    }
}
