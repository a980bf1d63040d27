package import ApusCore
import ApusWire
package import HTTPTypes
package import NIOCore

/// An error as an HTTP answer: a problem document (RFC 9457) and the headers that its status asks for.
package struct ProblemAnswer: Hashable, Sendable {
    /// The status.
    package let status: HTTPResponse.Status
    /// Everything but what the connection adds.
    package let headerFields: HTTPFields
    /// The document.
    package let body: ByteBuffer

    /// What clients are asked to wait after a 503, in seconds.
    package static let retryAfter = 5

    /// Makes the answer.
    ///
    /// - Parameter methods: the resource's methods, for the `Allow` that a 405 must have (RFC 9110 §15.5.6).
    package init(_ error: ApusError, methods: [HTTPRequest.Method] = []) {
        status = HTTPResponse.Status(code: error.code.status)
        var body = ByteBuffer()
        ProblemDocument.append(error, to: &body)
        self.body = body
        var fields: HTTPFields = [
            .contentType: ProblemDocument.contentType,
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        switch error.code.status {
        case 405: fields[.allow] = methods.lazy.map(\.rawValue).joined(separator: ", ")
        case 426:
            // RFC 9110 §15.5.22 and §7.8, RFC 6455 §4.4. Over HTTP/2 the first two are left out (RFC 9113 §8.2.2).
            fields[.upgrade] = "websocket"
            fields[.connection] = "upgrade"
            fields[.secWebSocketVersion] = "13"
        case 503: fields[.retryAfter] = String(Self.retryAfter)
        default: break
        }
        headerFields = fields
    }
}
