import Foundation

/// What carries HTTP between a test's client and the server.
enum Carrier: String, CaseIterable, Sendable {
    case http1 = "h1"
    case http1TLS = "h1+tls"
    case http2 = "h2"
    case http2TLS = "h2+tls"

    /// The one that the scenarios run over: `APUS_TEST_CARRIER`, or else plain HTTP/1.1.
    static let current: Carrier = {
        guard let name = ProcessInfo.processInfo.environment["APUS_TEST_CARRIER"] else { return .http1 }
        guard let carrier = Carrier(rawValue: name) else {
            fatalError("APUS_TEST_CARRIER is \(name); it must be one of \(allCases.map(\.rawValue))")
        }
        return carrier
    }()

    var isEncrypted: Bool { self == .http1TLS || self == .http2TLS }
    var isHTTP2: Bool { self == .http2 || self == .http2TLS }
}
