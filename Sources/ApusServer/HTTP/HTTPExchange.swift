package import ApusCore
import ApusHub
package import ApusWire
package import HTTPTypes
package import NIOCore

/// One request and its answer, whichever HTTP carries them. Belongs to one event loop.
///
/// Exactly one of `respond`, `stream` and `acceptWebSocket` is called, once.
package final class HTTPExchange {
    /// The request's head.
    package let request: HTTPRequest
    /// What all exchanges of this loop share.
    package let loop: ServerLoop
    /// What every answer to this request carries, whatever it is (CORS).
    package var commonFields = HTTPFields()
    /// Called once if the client goes away before it has its answer, or in the middle of a stream.
    package var onClosed: (() -> Void)?
    private weak var responder: (any HTTPResponder)?

    init(request: HTTPRequest, loop: ServerLoop, responder: any HTTPResponder) {
        self.request = request
        self.loop = loop
        self.responder = responder
    }

    /// How pieces of a streamed body are coded here.
    package var bodyCoding: BodyCoding { responder?.bodyCoding ?? .identity }

    /// Whether the client asks for a WebSocket, rightly or not.
    package var isUpgrade: Bool { request.headerFields.contains(.upgrade) || request.extendedConnectProtocol != nil }

    /// Whether the request is of HTTP/1.1 or later.
    package var isHTTP11: Bool { responder?.isHTTP11 ?? true }

    /// Hands over the whole body, or why it can't be had.
    package func collectBody(limit: Int, _ handler: @escaping (Result<ByteBuffer, ApusError>) -> Void) {
        responder?.collectBody(limit: limit, handler)
    }

    /// Answers with a body of known length; `Content-Length` and `Date` are added.
    ///
    /// - Parameter lengthOfGet: How long the body is that `GET` would have, where that is known of a `HEAD`.
    package func respond(_ response: HTTPResponse, body: ByteBuffer = ByteBuffer(), lengthOfGet: Int? = nil) {
        onClosed = nil
        responder?.respond(
            completed(response),
            body: body,
            length: lengthOfGet ?? (request.method == .head ? nil : body.readableBytes)
        )
    }

    /// Answers with a problem document (RFC 9457).
    package func refuse(_ error: ApusError, methods: [HTTPRequest.Method] = []) {
        let answer = ProblemAnswer(error, methods: methods)
        respond(HTTPResponse(status: answer.status, headerFields: answer.headerFields), body: answer.body)
    }

    /// Begins an endless answer. Nil if the client is gone.
    package func stream(_ response: HTTPResponse) -> ByteConnection? {
        responder?.stream(completed(response))
    }

    /// Makes the connection, or the HTTP/2 stream, a WebSocket; the fields go into the answer. Nil if the client is gone.
    package func acceptWebSocket(_ fields: HTTPFields) -> ByteConnection? {
        responder?.acceptWebSocket(fields)
    }

    /// The client is gone, or the connection failed.
    func closed() {
        let handler = onClosed
        onClosed = nil
        handler?()
    }

    private func completed(_ response: HTTPResponse) -> HTTPResponse {
        guard !commonFields.isEmpty else { return response }
        var response = response
        response.headerFields.append(contentsOf: commonFields)
        return response
    }
}

/// What an HTTP version does for an exchange. Belongs to one event loop.
protocol HTTPResponder: AnyObject {
    var bodyCoding: BodyCoding { get }
    var isHTTP11: Bool { get }
    func collectBody(limit: Int, _ handler: @escaping (Result<ByteBuffer, ApusError>) -> Void)
    func respond(_ response: HTTPResponse, body: ByteBuffer, length: Int?)
    func stream(_ response: HTTPResponse) -> ByteConnection?
    func acceptWebSocket(_ fields: HTTPFields) -> ByteConnection?
}
