import NIOCore
import NIOHTTP1

/// An answer that was read as a whole.
struct Answer: Sendable {
    var head: HTTPResponseHead
    var body: ByteBuffer

    /// A refusal, for an answer of another status than those that are expected.
    var refusal: ClientError {
        Problem(
            status: Int(head.status.code),
            reason: head.status.reasonPhrase,
            body: body,
            retryAfter: head.headers.first(name: "Retry-After")
        ).asError
    }
}
