package import HTTPTypes
package import NIOCore

/// The answer to a request for a page.
package struct PageAnswer: Hashable, Sendable {
    /// 200, 304 or 308.
    package let status: HTTPResponse.Status
    /// All that the page needs; the same for HEAD (RFC 9110 §9.3.2).
    package let headerFields: HTTPFields
    /// The bytes to send; nil for HEAD and for answers without any.
    package let body: ByteBuffer?

    init(status: HTTPResponse.Status, headerFields: HTTPFields, body: ByteBuffer? = nil) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }
}
