public import ApusCore
import Crypto
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate that vouches for itself, for development: browsers ask before they trust it.
public struct SelfSignedCertificate: Sendable {
    /// The certificate, in PEM.
    public let certificatePEM: String
    /// Its private key (ECDSA on P-256), in PEM.
    public let keyPEM: String

    /// Makes a key and a certificate for it.
    ///
    /// - Parameters:
    ///   - names: Host names, `*.` before one for any name below it, and IP addresses.
    ///   - days: For how long it is valid; browsers take no more than 398 from most certificates.
    /// - Throws: `ApusError` with code `invalidParameter` for a name that is none.
    public init(names: [String], days: Int = 90) throws(ApusError) {
        guard let first = names.first else {
            throw ApusError(.invalidParameter, "A certificate is for at least one name or address.")
        }
        var alternatives: [GeneralName] = []
        for name in names { alternatives.append(try Self.generalName(name)) }
        do {
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let subject = try DistinguishedName { CommonName(String(first.prefix(64))) }
            // A clock that is a little behind shall take it too.
            let now = Date()
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: now.addingTimeInterval(-3_600),
                notValidAfter: now.addingTimeInterval(Double(days) * 86_400),
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(alternatives)
                },
                issuerPrivateKey: key
            )
            certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
            keyPEM = try key.serializeAsPEM().pemString + "\n"
        } catch {
            throw ApusError(.invalidParameter, "The certificate could not be made.", underlying: error)
        }
    }

    private static func generalName(_ name: String) throws(ApusError) -> GeneralName {
        let address = HostName(name.contains(":") ? "[\(name)]" : name)
        if let bytes = address?.addressBytes { return .ipAddress(ASN1OctetString(contentBytes: bytes[...])) }
        let host = name.hasPrefix("*.") ? String(name.dropFirst(2)) : name
        guard HostName(host) != nil, name.allSatisfy(\.isASCII), !name.contains(":") else {
            throw ApusError(
                .invalidParameter,
                "'\(name)' is no host name and no address; write it as push.example.org or 192.0.2.1."
            )
        }
        return .dnsName(name)
    }
}
