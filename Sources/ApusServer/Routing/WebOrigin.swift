/// Where a browser's page comes from: the value of `Origin` (RFC 6454 §7, Fetch §3.2).
package enum WebOrigin: Hashable, Sendable {
    /// A page of a server.
    case tuple(scheme: Scheme, host: HostName, port: UInt16)
    /// `null`: a page without an origin that others could know, such as a file or a sandboxed frame.
    case opaque

    /// The schemes that pages with an origin come by.
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https

        /// The port that goes without saying.
        package var defaultPort: UInt16 {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// Reads `null` or `scheme://host[:port]`; nil for anything else, also a path, a list, or another scheme.
    package init?(_ text: some StringProtocol) {
        if text == "null" {
            self = .opaque
            return
        }
        let scheme: Scheme
        let text = Substring(text)
        if text.prefix(7).lowercased() == "http://" {
            scheme = .http
        } else if text.prefix(8).lowercased() == "https://" {
            scheme = .https
        } else {
            return nil
        }
        guard let authority = HostAuthority(text.dropFirst(scheme.rawValue.utf8.count + 3)) else { return nil }
        self = .tuple(scheme: scheme, host: authority.host, port: authority.port ?? scheme.defaultPort)
    }

    /// The host, where there is one.
    package var host: HostName? {
        switch self {
        case .tuple(_, let host, _): host
        case .opaque: nil
        }
    }

    /// Whether a page of this origin, asking this authority, asks its own server.
    ///
    /// An authority without a port has the default port of the origin's scheme: behind a proxy that ends TLS, the page is
    /// `https` while we are spoken to in plain text. Where we end TLS ourselves, a page that came in plain text is not
    /// ours, since anyone on the way could have written it.
    package func isSame(as authority: HostAuthority, overTLS: Bool) -> Bool {
        switch self {
        case .tuple(let scheme, let host, let port):
            host == authority.host && port == authority.port ?? scheme.defaultPort && (!overTLS || scheme == .https)
        case .opaque: false
        }
    }
}
