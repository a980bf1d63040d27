package import HTTPTypes

extension HTTPField.Name {
    /// Where to resume, in answers.
    package static let apusCursor = constant("Apus-Cursor")
    /// An event's name, in a publish and in raw answers.
    package static let apusEvent = constant("Apus-Event")
    /// What was lost, in raw answers.
    package static let apusGap = constant("Apus-Gap")
    /// How many bytes, messages and subscribers a channel has, in answers to HEAD.
    package static let apusBytes = constant("Apus-Bytes")
    package static let apusMessages = constant("Apus-Messages")
    package static let apusSubscribers = constant("Apus-Subscribers")
    /// Asks nginx, and proxies that learnt it from there, to pass an answer on as it comes.
    package static let accelBuffering = constant("X-Accel-Buffering")
    /// A publish's id (draft-ietf-httpapi-idempotency-key-header §2.1).
    package static let idempotencyKey = constant("Idempotency-Key")
    /// What an `EventSource` saw last (HTML §9.2.4).
    package static let lastEventID = constant("Last-Event-ID")
    /// Wishes (RFC 7240 §2).
    package static let prefer = constant("Prefer")
    /// What a followed link tells of the page that it was on (Referrer Policy §4.1).
    package static let referrerPolicy = constant("Referrer-Policy")

    /// A name that stands in this file; that it is a token (RFC 9110 §5.1) is our own business.
    private static func constant(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else {
            preconditionFailure("\(name) is no header name")
        }
        return name
    }
}
