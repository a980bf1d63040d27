import ApusServer
import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `apus cert`
struct Cert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a certificate that vouches for itself, for development.",
        discussion: """
            Writes a private key (ECDSA on P-256) and a certificate for it, both in PEM, for `apus serve --tls-cert … --tls-key …`. \
            No browser trusts it until it is told to; for a public server, get one from a certificate authority.
            """
    )

    @Argument(help: ArgumentHelp("Host names and IP addresses that it is for.", valueName: "name"))
    var names: [String]

    @Option(help: ArgumentHelp("Where the certificate goes.", valueName: "file"))
    var cert = "cert.pem"

    @Option(help: ArgumentHelp("Where the key goes; only its owner may read it.", valueName: "file"))
    var key = "key.pem"

    @Option(help: ArgumentHelp("For how many days it is valid.", valueName: "count"))
    var days = 90

    @Flag(help: "Replace files that are there already.")
    var force = false

    func validate() throws {
        guard !names.isEmpty else { throw ValidationError("Name at least one host or address.") }
        guard (1...3_650).contains(days) else { throw ValidationError("--days is \(days); it must be from 1 to 3650.") }
    }

    func run() throws {
        let made = try SelfSignedCertificate(names: names, days: days)
        try write(made.keyPEM, to: key, mode: 0o600)
        try write(made.certificatePEM, to: cert, mode: 0o644)
        print("\(cert) and \(key) are for \(names.joined(separator: ", ")), for \(days) days.")
    }

    private func write(_ text: String, to path: String, mode: mode_t) throws {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
        let descriptor = open(path, flags, mode)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "it is there already; --force replaces it" : String(cString: strerror(errno))
            throw ValidationError("'\(path)' can't be written: \(reason).")
        }
        defer { close(descriptor) }
        // A file that was there keeps its own mode otherwise.
        fchmod(descriptor, mode)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send in
                #if canImport(Glibc)
                    Glibc.write(descriptor, send.baseAddress, send.count)
                #elseif canImport(Musl)
                    Musl.write(descriptor, send.baseAddress, send.count)
                #else
                    Darwin.write(descriptor, send.baseAddress, send.count)
                #endif
            }
            guard count > 0 else {
                throw ValidationError("'\(path)' can't be written: \(String(cString: strerror(errno))).")
            }
            rest = rest.dropFirst(count)
        }
    }
}
