import HTTPTypes
import NIOCore

/// `GET /wire/head`: how many bytes the head of this very request had, for pages that count what goes over the wire.
enum WireHeadEndpoint {
    static func handle(_ exchange: HTTPExchange) {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.cacheControl] = "no-store"
        exchange.respond(head, body: ByteBuffer(string: "{\"bytes\":\(exchange.headBytes ?? 0)}"))
    }
}
