import HTTPTypes
import NIOCore

/// `GET /wire/head`: how many bytes the head of this very request had, for pages that count what goes over the wire.
enum WireHeadEndpoint {
    static func handle(_ exchange: HTTPExchange) {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.cacheControl] = "no-store"
        exchange.respond(head, body: ByteBuffer(string: "{\"bytes\":\(bytes(of: exchange.request))}"))
    }

    /// The head as HTTP/1.1 writes it (RFC 9112 §3), with one space wherever one is enough.
    private static func bytes(of request: HTTPRequest) -> Int {
        let line = "\(request.method.rawValue) \(request.path ?? "") HTTP/1.1\r\n".utf8.count
        let host = request.authority.map { "Host: \($0)\r\n".utf8.count } ?? 0
        return request.headerFields.reduce(line + host + 2) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4
        }
    }
}
