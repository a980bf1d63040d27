package import NIOCore

/// One part of a multipart stream, with the fields that Apus writes (`spec/channels.md` §4.4).
package struct MultipartPart: Hashable, Sendable {
    package var contentType: String?
    package var cursor: String?
    package var channel: String?
    package var event: String?
    package var id: String?
    /// Milliseconds since 1970.
    package var time: Int64?
    package var body = ByteBuffer()

    package init() {}
}
