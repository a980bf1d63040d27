package import NIOCore

extension SocketAddress {
    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    package var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }

    /// The address as a browser takes it, without a path.
    package var webAddress: String { webAddress(scheme: "http") }

    /// The address as a browser takes it, without a path.
    package func webAddress(scheme: String) -> String {
        let port = port.map { ":\($0)" } ?? ""
        return switch self {
        case .v4: "\(scheme)://\(ipAddress ?? "localhost")\(port)"
        case .v6: "\(scheme)://[\(ipAddress ?? "::1")]\(port)"
        case .unixDomainSocket: "unix:\(pathname ?? "")"
        }
    }
}
