import ApusCore
import NIOSSL
import SwiftASN1
import X509

/// A certificate with its chain, its key, and the names that it is for.
struct TLSIdentity: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    /// In lower case; a first label `*` stands for any one.
    let names: [String]

    /// Reads PEM, and checks that certificate and key belong together.
    ///
    /// - Throws: `ApusError` with code `invalidParameter`, naming `origin`.
    init(certificatePEM: [UInt8], keyPEM: [UInt8], origin: String) throws(ApusError) {
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificatePEM)
            key = try NIOSSLPrivateKey(bytes: keyPEM, format: .pem)
            // Fails if the key is another certificate's.
            _ = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(key)
                )
            )
            names = try Self.names(in: String(decoding: certificatePEM, as: UTF8.self))
        } catch {
            throw ApusError(
                .invalidParameter,
                "\(origin) is no certificate in PEM with the key that belongs to it.",
                underlying: error
            )
        }
    }

    /// The names of the first certificate (RFC 5280 §4.2.1.6).
    private static func names(in pem: String) throws -> [String] {
        guard let document = try PEMDocument.parseMultiple(pemString: pem).first else { return [] }
        let certificate = try Certificate(pemDocument: document)
        guard let names = try certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            guard case .dnsName(let name) = name else { return nil }
            return name.lowercased()
        }
    }

    /// Whether it is for a host (RFC 9525 §6.3).
    func matches(_ host: String) -> Bool {
        let host = host.lowercased()
        let rest = host.firstIndex(of: ".").map { host[$0...] }
        return names.contains { name in
            name == host || (name.hasPrefix("*.") && name.dropFirst() == rest)
        }
    }
}
