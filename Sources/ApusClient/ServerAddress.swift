/// Where a server is: what a client needs of `http://host:port/path`.
package struct ServerAddress: Hashable, Sendable {
    /// A name or an address, IPv6 without brackets.
    package let host: String
    package let port: Int
    /// What stands before every path, without a slash at its end.
    package let pathPrefix: String

    /// Reads a URL with the scheme `http` or `ws` (RFC 3986 §3).
    ///
    /// - Throws: `ClientError` with codes `invalidURL`, and `unsupported` for TLS.
    package init(_ url: String) throws(ClientError) {
        guard let colon = url.firstRange(of: "://") else { throw Self.invalid(url) }
        switch url[..<colon.lowerBound].lowercased() {
        case "http", "ws": break
        case "https", "wss":
            throw ClientError(
                .unsupported,
                "'\(url)' asks for TLS, which this client can't do yet; use http:// or ws://."
            )
        default: throw Self.invalid(url)
        }
        let rest = url[colon.upperBound...]
        guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !rest.contains(where: { "@?#\\".contains($0) })
        else {
            throw Self.invalid(url)
        }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.hasSuffix("/") { path.removeLast() }
        pathPrefix = String(path)
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw Self.invalid(url) }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw Self.invalid(url) }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let end = authority.firstIndex(of: ":") {
            host = authority[..<end]
            portText = authority[authority.index(after: end)...]
        }
        guard !host.isEmpty else { throw Self.invalid(url) }
        self.host = String(host)
        // An empty port is the default one (RFC 3986 §3.2.3).
        guard let portText, !portText.isEmpty else {
            port = 80
            return
        }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65_535).contains(port)
        else { throw Self.invalid(url) }
        self.port = port
    }

    /// The value of `Host` (RFC 9110 §7.2).
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    private static func invalid(_ url: String) -> ClientError {
        ClientError(.invalidURL, "'\(url)' is no server's URL; write it as http://127.0.0.1:8000.")
    }
}
