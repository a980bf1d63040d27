import ApusCore
import NIOCore
import NIOSSL

/// What every TLS connection of a server shares.
enum TLSContext {
    /// - Parameter offersHTTP2: Whether HTTP/2 is offered before HTTP/1.1 (ALPN, RFC 7301).
    static func make(
        _ settings: TLSSettings,
        identities: TLSIdentityStore,
        offersHTTP2: Bool
    ) throws(ApusError) -> NIOSSLContext {
        guard let identity = identities.identity(for: nil) else {
            throw ApusError(.invalidParameter, "TLS needs a certificate.")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain.map { .certificate($0) },
            privateKey: .privateKey(identity.key)
        )
        switch settings.minimumVersion {
        case .tls12: configuration.minimumTLSVersion = .tlsv12
        case .tls13: configuration.minimumTLSVersion = .tlsv13
        }
        configuration.applicationProtocols = offersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"]
        // Asked at every handshake, so that it is always the newest certificate, and the one for the name.
        configuration.sslContextCallback = { values, promise in
            var override = NIOSSLContextConfigurationOverride()
            if let identity = identities.identity(for: values.serverHostname) {
                override.certificateChain = identity.chain.map { .certificate($0) }
                override.privateKey = .privateKey(identity.key)
            }
            promise.succeed(override)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ApusError(.invalidParameter, "TLS can't be had with this certificate.", underlying: error)
        }
    }
}
