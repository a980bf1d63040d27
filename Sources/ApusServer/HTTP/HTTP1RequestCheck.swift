import ApusCore
import NIOHTTP1

/// What RFC 9112 asks of a request beyond its grammar, which NIO's decoder has checked.
enum HTTP1RequestCheck {
    /// What is wrong with a head, if anything.
    static func violation(in head: HTTPRequestHead) -> ApusError? {
        let hosts = head.headers["host"]
        if head.version != .http1_0, hosts.count != 1 {
            // RFC 9112 §3.2
            return ApusError(
                .badRequest,
                "An HTTP/1.1 request has exactly one Host field; this one has \(hosts.count)."
            )
        }
        let lengths = head.headers["content-length"]
        let codings = head.headers["transfer-encoding"]
        if !lengths.isEmpty, !codings.isEmpty {
            // RFC 9112 §6.1: a sign of request smuggling; the message is refused and the connection closed.
            return ApusError(.badRequest, "A request has Content-Length or Transfer-Encoding, not both.")
        }
        if lengths.count > 1 || lengths.contains(where: { Int($0) == nil || $0.hasPrefix("+") || $0.hasPrefix("-") }) {
            return ApusError(.badRequest, "Content-Length is one number of bytes.")
        }
        if !codings.isEmpty, codings.count > 1 || codings[0].lowercased() != "chunked" || head.version == .http1_0 {
            return ApusError(.badRequest, "The only transfer coding that this server reads is chunked, in HTTP/1.1.")
        }
        return nil
    }

    /// Whether a body follows (RFC 9112 §6.3).
    static func hasBody(_ head: HTTPRequestHead) -> Bool {
        if head.headers.contains(name: "transfer-encoding") { return true }
        return head.headers.first(name: "content-length").flatMap { Int($0) }.map { $0 > 0 } ?? false
    }
}
