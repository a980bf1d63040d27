import ApusCore
import NIOCore

extension OriginPolicy {
    /// The policy that a configuration asks for.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` for an origin that is none.
    init(_ configuration: ServerConfiguration, listensOnLoopbackOnly: Bool) throws(ApusError) {
        var origins: Set<WebOrigin> = []
        var allowsAny = false
        for text in configuration.allowedOrigins {
            if text == "*" {
                allowsAny = true
            } else if let origin = WebOrigin(text) {
                origins.insert(origin)
            } else {
                throw ApusError(
                    .invalidParameter,
                    "'\(text)' is no origin; write it as https://example.org, or * for all."
                )
            }
        }
        var hosts: Set<HostName> = []
        for text in configuration.allowedHosts {
            guard let host = HostName(text) else {
                throw ApusError(.invalidParameter, "'\(text)' is no host name; write it as push.example.org.")
            }
            hosts.insert(host)
        }
        self.init(
            allowed: allowsAny ? .any : .these(origins),
            hosts: hosts,
            listensOnLoopbackOnly: listensOnLoopbackOnly
        )
    }
}

extension SocketAddress {
    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}
