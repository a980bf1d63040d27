package import ApusCore
package import HTTPTypes

/// Which browser's pages may use this server (`spec/channels.md` §6), and under which names it may be reached.
///
/// The first is CORS (Fetch §3.2), and covers WebSocket handshakes, which browsers let any page start (RFC 6455 §10.2).
///
/// The second is against DNS rebinding: a foreign page whose own name is made to point at 127.0.0.1 is, to the browser,
/// of our origin. Its reading requests carry neither `Origin` (Fetch §3.1: not with GET of the same origin) nor
/// `Sec-Fetch-*` (Fetch Metadata §2.1: only to trustworthy URLs, and `http://` with a name is none), so nothing tells
/// them from curl's. Only the name in `Host` does. So a server that listens on loopback alone answers to loopback names,
/// to addresses, which can't be rebound, and to names that its configuration knows.
package struct OriginPolicy: Hashable, Sendable {
    /// Foreign origins that may use the server.
    package enum Allowed: Hashable, Sendable {
        /// Everyone's pages, without credentials.
        case any
        /// These only.
        case these(Set<WebOrigin>)
    }

    /// What is decided of a request.
    package enum Decision: Sendable {
        /// No browser's page asks, or one of our own. The headers go into the answer all the same, for caches.
        case sameOriginOrNone(HTTPFields)
        /// A foreign page that may use the server; the headers tell its browser so.
        case allowed(HTTPFields)
        /// Not answered.
        case refused(ApusError)
    }

    /// Foreign origins that may use the server.
    package var allowed: Allowed
    /// Names under which the server is reached besides its loopback ones. When there are any, no others are answered,
    /// wherever the server listens.
    package var hosts: Set<HostName>
    /// Whether every listening address is a loopback one.
    package var listensOnLoopbackOnly: Bool
    /// Whether all connections to it are TLS; a request that came over TLS here says so itself.
    package var overTLS: Bool

    /// States a policy; without arguments, one for a server on loopback.
    package init(
        allowed: Allowed = .these([]),
        hosts: Set<HostName> = [],
        listensOnLoopbackOnly: Bool = true,
        overTLS: Bool = false
    ) {
        self.allowed = allowed
        self.hosts = hosts
        self.listensOnLoopbackOnly = listensOnLoopbackOnly
        self.overTLS = overTLS
    }

    /// Decides on a request.
    ///
    /// - Parameter target: its target, whose authority counts before `Host` (RFC 9112 §3.2.2).
    package func decide(_ request: HTTPRequest, target: RequestTarget? = nil) -> Decision {
        let hostText = target?.authority.map { String($0) } ?? request.authority
        let authority = hostText.flatMap { HostAuthority($0) }
        if let hostText, !answers(to: authority) {
            return .refused(Self.foreignHost(hostText))
        }
        guard let text = request.headerFields[.origin] else { return .sameOriginOrNone(varying) }
        switch allowed {
        case .any: return .allowed(Self.anyOrigin)
        case .these(let origins):
            guard let origin = WebOrigin(text) else { return .refused(Self.foreignOrigin(text)) }
            let isSecure = overTLS || request.scheme == "https"
            if let authority, origin.isSame(as: authority, overTLS: isSecure) { return .sameOriginOrNone(varying) }
            let isLocal = listensOnLoopbackOnly && origin.host?.isLoopback == true
            guard isLocal || origins.contains(origin) else { return .refused(Self.foreignOrigin(text)) }
            return .allowed(Self.headers(for: text))
        }
    }

    /// What a preflight's answer holds besides the decision's headers (Fetch §3.2.3).
    package static func preflight(methods: [HTTPRequest.Method]) -> HTTPFields {
        [
            .accessControlAllowMethods: methods.lazy.map(\.rawValue).joined(separator: ", "),
            .accessControlAllowHeaders: requestHeaders,
            .accessControlMaxAge: String(preflightAge),
        ]
    }

    /// How long a browser may keep a preflight's answer, in seconds: less than its own limits (Chromium's is 7200).
    package static let preflightAge = 600

    /// What a page may set beyond what it always may (Fetch §2.2.2). Its stand-ins for `EventSource` add `Cache-Control`.
    private static let requestHeaders =
        "Accept, Apus-Event, Cache-Control, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer"

    private static let exposedHeaders =
        "ETag, Apus-Cursor, Apus-Event, Apus-Gap, Apus-Messages, Apus-Bytes, Apus-Subscribers"

    private static let anyOrigin: HTTPFields = [
        .accessControlAllowOrigin: "*", .accessControlExposeHeaders: exposedHeaders,
    ]

    private static func headers(for origin: String) -> HTTPFields {
        [
            .accessControlAllowOrigin: origin,
            .accessControlAllowCredentials: "true",
            .accessControlExposeHeaders: exposedHeaders,
            .vary: "Origin",
        ]
    }

    /// A shared cache must not give one origin's answer to another (Fetch §3.2.5), nor one without an origin.
    private var varying: HTTPFields {
        allowed == .any ? [:] : [.vary: "Origin"]
    }

    private func answers(to authority: HostAuthority?) -> Bool {
        guard listensOnLoopbackOnly || !hosts.isEmpty, allowed != .any || !hosts.isEmpty else { return true }
        guard let host = authority?.host else { return false }
        if host.isLoopback || host.isAddress || hosts.contains(host) { return true }
        // A name whose pages are trusted is trusted not to be an attacker's.
        guard hosts.isEmpty, case .these(let origins) = allowed else { return false }
        return origins.contains { $0.host == host }
    }

    private static func foreignOrigin(_ text: String) -> ApusError {
        ApusError(
            .originNotAllowed,
            "Pages of '\(text.prefix(128))' may not use this server; start it with --allow-origin to let them."
        )
    }

    private static func foreignHost(_ text: String) -> ApusError {
        ApusError(
            .originNotAllowed,
            "This server does not answer to the name '\(text.prefix(128))'; start it with --allow-host if it should."
        )
    }
}
