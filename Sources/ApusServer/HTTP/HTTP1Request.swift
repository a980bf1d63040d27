import ApusCore
import NIOCore

/// A request that an `HTTP1Connection` is answering.
struct HTTP1Request {
    let exchange: HTTPExchange
    let isHTTP10: Bool
    let keepsAlive: Bool
    let expectsContinue: Bool
    let isHead: Bool
    var body: Body
    var isAnswered = false

    /// How much of its body has come, and who wants it.
    enum Body {
        /// Nobody has asked for it yet; what has come is kept, up to the limit for bodies nobody asked for.
        case unclaimed(ByteBuffer)
        case collecting(ByteBuffer, limit: Int, handler: (Result<ByteBuffer, ApusError>) -> Void)
        case complete
    }
}
