import ApusWire
package import NIOCore

/// A server's refusal: a problem document (RFC 9457), or what stands in for one where the server gave none.
public struct Problem: Hashable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// What went wrong, for programs: a code of `spec/channels.md` §5. Nil where the answer was no problem document.
    public var code: String?
    /// What went wrong, for people; the same for every problem of this code.
    public var title: String
    /// The offending value and the remedy. May be empty.
    public var detail: String
    /// How long the server asks to wait before the next attempt (`Retry-After`, RFC 9110 §10.2.3), if it does.
    public var retryAfter: Duration?

    /// States a problem.
    public init(
        status: Int,
        code: String? = nil,
        title: String,
        detail: String = "",
        retryAfter: Duration? = nil
    ) {
        self.retryAfter = retryAfter
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
    }

    /// Reads an answer's body; what is no problem document still has its status and reason.
    package init(status: Int, reason: String, body: ByteBuffer, retryAfter: String? = nil) {
        // Only the form in seconds; a date is passed over.
        let wait = retryAfter.flatMap { UInt16($0) }.map { Duration.seconds($0) }
        guard let refusal = try? EnvelopeItemParser.refusal(body) else {
            self.init(status: status, title: reason.isEmpty ? "HTTP status \(status)" : reason, retryAfter: wait)
            return
        }
        self.init(
            status: status,
            code: refusal.code,
            title: refusal.title,
            detail: refusal.detail,
            retryAfter: wait
        )
    }

    /// The error that a caller gets.
    package var asError: ClientError {
        let words = detail.isEmpty ? title : "\(title): \(detail)"
        return ClientError(.refused, "The server refused (\(status)). \(words)", problem: self)
    }

    /// Whether asking again later may help: the server's own trouble, too many requests (RFC 6585 §4), or a request that
    /// was late (RFC 9110 §15.5.9). Everything else stays wrong however often it is asked.
    package var isTemporary: Bool {
        status >= 500 || status == 408 || status == 429
    }
}
