import NIOCore
import NIOHTTP1

/// A request, without what the connection adds.
struct Request: Sendable {
    var method: HTTPMethod = .GET
    /// Path and query.
    var target: String
    var fields: [(name: String, value: String)] = []
    var body: ByteBuffer?
}
