/// How a server speaks TLS, on a port of its own.
public struct TLSSettings: Sendable {
    /// A certificate and its key, as files in PEM (RFC 7468).
    public struct CertificateFiles: Hashable, Sendable {
        /// The certificate, followed by those that lead from it to a root.
        public var certificate: String
        /// The private key, without a passphrase.
        public var key: String

        /// Names the files.
        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Where certificates come from.
    public enum Source: Hashable, Sendable {
        /// Files, read again when they change. A client gets the first whose names match the one that it asks for (SNI, RFC 6066 §3),
        /// or else the first.
        case files([CertificateFiles])
        /// One made at the start, for these names and addresses: for development, since no client trusts it.
        case selfSigned([String])
    }

    /// A version of TLS.
    public enum Version: String, Hashable, Sendable, CaseIterable {
        /// RFC 5246
        case tls12 = "1.2"
        /// RFC 8446
        case tls13 = "1.3"
    }

    /// What the port without TLS does.
    public enum PlainHTTP: String, Hashable, Sendable, CaseIterable {
        /// It serves, as the port with TLS does.
        case serve
        /// It sends every request to the port with TLS, by `308`.
        case redirect
    }

    /// Where certificates come from.
    public var source: Source
    /// The TCP port. Default: 8443. With 0 the system chooses one.
    public var port = 8_443
    /// The oldest version that is spoken. Default: 1.2.
    public var minimumVersion = Version.tls12
    /// How often the files are looked at. Default: 5 seconds. New connections get the new certificate, old ones live on.
    public var reloadInterval: Duration = .seconds(5)
    /// What the port without TLS does. Default: it serves.
    public var plainHTTP = PlainHTTP.serve

    /// The defaults.
    public init(_ source: Source) {
        self.source = source
    }
}
