import ApusHub
import ApusServer
import ArgumentParser
import Configuration
import Logging
import NIOCore

/// What `apus serve` runs with: the command line, before the environment, before the defaults.
struct ServeSettings {
    var server = ServerConfiguration()
    var loops = System.coreCount
    var logLevel = Logger.Level.info

    /// - Throws: `ValidationError` for a value that is none.
    init(_ command: Serve) throws {
        // APUS_PORT for `port`, APUS_ALLOW_ORIGIN for `allow.origin`.
        let environment = ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "apus")
        server.publishesDemo = command.demo || environment.bool(forKey: "demo", default: false)
        if let host = command.host ?? environment.string(forKey: "host") { server.host = host }
        if let port = command.port ?? environment.int(forKey: "port") {
            server.port = try Self.check(port, "--port", in: 0...65_535)
        }
        server.allowedOrigins = Self.list(command.allowOrigin, environment.string(forKey: "allow.origin"))
        server.allowedHosts = Self.list(command.allowHost, environment.string(forKey: "allow.host"))
        server.pagesFolder = command.pages ?? environment.string(forKey: "pages")
        if let count = command.historyMessages ?? environment.int(forKey: "history.messages") {
            server.hub.retention.messages = try Self.check(count, "--history-messages", in: 0...10_000_000)
        }
        if let bytes = command.historyBytes ?? environment.int(forKey: "history.bytes") {
            server.hub.retention.bytes = try Self.check(bytes, "--history-bytes", in: 0...(1 << 40))
        }
        if let seconds = command.historyAge ?? environment.int(forKey: "history.age") {
            server.hub.retention.age = .seconds(try Self.check(seconds, "--history-age", in: 0...(10 * 365 * 86_400)))
        }
        if let bytes = command.messageBytes ?? environment.int(forKey: "message.bytes") {
            server.hub.maximumMessageBytes = try Self.check(bytes, "--message-bytes", in: 1...(1 << 30))
            server.maximumFrameBytes = max(server.maximumFrameBytes, bytes)
        }
        server.tls = try Self.tls(command, environment, host: server.host)
        if let count = command.loops ?? environment.int(forKey: "loops") {
            loops = try Self.check(count, "--loops", in: 1...1_024)
        }
        if let name = command.logLevel ?? environment.string(forKey: "log.level") {
            guard let level = Logger.Level(rawValue: name) else {
                throw ValidationError("'\(name)' is no log level; use trace, debug, info, notice, warning or error.")
            }
            logLevel = level
        }
    }

    /// TLS as it is asked for; nil if it is not.
    private static func tls(_ command: Serve, _ environment: ConfigReader, host: String) throws -> TLSSettings? {
        let certificates = list(command.tlsCert, environment.string(forKey: "tls.cert"))
        let keys = list(command.tlsKey, environment.string(forKey: "tls.key"))
        let isSelfSigned = command.tlsSelfSigned || environment.bool(forKey: "tls.self.signed", default: false)
        guard certificates.count == keys.count else {
            throw ValidationError(
                "There are \(certificates.count) of --tls-cert and \(keys.count) of --tls-key; they come in pairs."
            )
        }
        guard certificates.isEmpty || !isSelfSigned else {
            throw ValidationError("--tls-self-signed makes a certificate; leave it out, or --tls-cert.")
        }
        guard !certificates.isEmpty || isSelfSigned else { return nil }
        let files = zip(certificates, keys).map { TLSSettings.CertificateFiles(certificate: $0, key: $1) }
        let local = ["localhost", "127.0.0.1", "::1"]
        var tls = TLSSettings(
            isSelfSigned ? .selfSigned(local + command.allowHost + (local.contains(host) ? [] : [host])) : .files(files)
        )
        if let port = command.tlsPort ?? environment.int(forKey: "tls.port") {
            tls.port = try check(port, "--tls-port", in: 0...65_535)
        }
        if let name = command.tlsMinimum ?? environment.string(forKey: "tls.minimum") {
            guard let version = TLSSettings.Version(rawValue: name) else {
                throw ValidationError("'\(name)' is no version of TLS for --tls-minimum; use 1.2 or 1.3.")
            }
            tls.minimumVersion = version
        }
        if command.tlsRedirect || environment.bool(forKey: "tls.redirect", default: false) { tls.plainHTTP = .redirect }
        return tls
    }

    private static func check(_ value: Int, _ option: String, in range: ClosedRange<Int>) throws -> Int {
        guard range.contains(value) else {
            throw ValidationError("\(option) is \(value); it must be from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    private static func list(_ options: [String], _ variable: String?) -> [String] {
        guard options.isEmpty, let variable else { return options }
        return variable.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
