import ApusCore

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

extension ServerConfiguration {
    /// The pages that it asks for.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` for a folder that is none.
    func pages() throws(ApusError) -> Pages {
        guard let pagesFolder else { return Pages(BuiltInPages(EmbeddedPages.files), readsDisk: false) }
        return Pages(try FolderPages(pagesFolder), readsDisk: true)
    }
}
