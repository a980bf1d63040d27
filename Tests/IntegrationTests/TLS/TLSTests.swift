import ApusCore
import ApusServer
import ApusTestSupport
import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// Certificates: made, chosen, and changed while the server runs.
@Suite("TLS")
struct TLSTests {
    /// Files that hold a certificate of its own for a name.
    private struct Pair {
        let certificate: TemporaryFile
        let key: TemporaryFile

        init(_ name: String) throws {
            let made = try SelfSignedCertificate(names: [name])
            certificate = try TemporaryFile(Array(made.certificatePEM.utf8))
            key = try TemporaryFile(Array(made.keyPEM.utf8))
        }

        var files: TLSSettings.CertificateFiles { .init(certificate: certificate.path, key: key.path) }

        func replace(_ name: String) throws {
            let made = try SelfSignedCertificate(names: [name])
            try certificate.write(Array(made.certificatePEM.utf8))
            try key.write(Array(made.keyPEM.utf8))
        }
    }

    private func settings(_ pairs: [Pair]) -> TLSSettings {
        var settings = TLSSettings(.files(pairs.map(\.files)))
        settings.port = 0
        return settings
    }

    /// Connects, and returns the channel with the bytes of the certificate that the server showed.
    private func handshake(
        _ server: Server,
        name: String? = nil,
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) async throws -> (channel: any NIOCore.Channel, certificate: [UInt8]) {
        let seen = EventBox<[UInt8]>()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        change(&configuration)
        let context = try NIOSSLContext(configuration: configuration)
        let address = try #require(server.secureAddress)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context,
                        serverHostname: name,
                        customVerificationCallback: { chain, promise in
                            if let bytes = try? chain.first?.toDERBytes() { seen.send(bytes) }
                            promise.succeed(.certificateVerified)
                        }
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                    try channel.pipeline.syncOperations.addHandler(FailureReport(seen))
                }
            }
            .connect(to: address).get()
        return (channel, try await seen.next("a certificate"))
    }

    private final class FailureReport: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let seen: EventBox<[UInt8]>

        init(_ seen: EventBox<[UInt8]>) { self.seen = seen }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            seen.finish()
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { seen.finish() }
    }

    private func bytes(_ pair: Pair) throws -> [UInt8] {
        try #require(try NIOSSLCertificate.fromPEMFile(pair.certificate.path).first).toDERBytes()
    }

    @Test("a new certificate is used for new connections, and old ones live on")
    func reload() async throws {
        let pair = try Pair("one.example")
        let old = try bytes(pair)
        try await withServer({ $0.tls = settings([pair]) }) { server in
            let first = try await handshake(server)
            #expect(first.certificate == old)
            try pair.replace("two.example")
            let new = try bytes(pair)
            #expect(try await server.reloadCertificates() == 1)
            let second = try await handshake(server)
            #expect(second.certificate == new)
            #expect(new != old)
            #expect(first.channel.isActive)
            #expect(try await server.reloadCertificates() == 0)
            try await first.channel.close()
            try await second.channel.close()
        }
    }

    @Test("changed files are noticed without being told")
    func watch() async throws {
        let pair = try Pair("one.example")
        var tls = settings([pair])
        tls.reloadInterval = .milliseconds(50)
        let configured = tls
        try await withServer({ $0.tls = configured }) { server in
            try pair.replace("two.example")
            let new = try bytes(pair)
            try await withDeadline("the new certificate", within: .seconds(20)) {
                while true {
                    let seen = try await handshake(server)
                    try await seen.channel.close()
                    if seen.certificate == new { break }
                }
            }
        }
    }

    @Test("files that can't be used change nothing")
    func badReload() async throws {
        let pair = try Pair("one.example")
        let other = try Pair("other.example")
        let old = try bytes(pair)
        try await withServer({ $0.tls = settings([pair]) }) { server in
            try pair.key.write(Array(SelfSignedCertificate(names: ["x.example"]).keyPEM.utf8))
            #expect(try await server.reloadCertificates() == 0)
            let seen = try await handshake(server)
            #expect(seen.certificate == old)
            try await seen.channel.close()
        }
        var mixed = TLSSettings(.files([.init(certificate: pair.certificate.path, key: other.key.path)]))
        mixed.port = 0
        let configured = mixed
        await #expect(throws: ApusError.self) { try await withServer({ $0.tls = configured }) { _ in } }
    }

    @Test("a client gets the certificate for the name that it asks for, and the first if there is none")
    func serverName() async throws {
        let pairs = [try Pair("one.example"), try Pair("*.two.example")]
        let expected = [try bytes(pairs[0]), try bytes(pairs[1])]
        try await withServer({ $0.tls = settings(pairs) }) { server in
            for (name, index) in [
                ("one.example", 0), ("a.two.example", 1), ("A.TWO.example", 1), ("a.b.two.example", 0),
                ("two.example", 0), (nil, 0),
            ] as [(String?, Int)] {
                let seen = try await handshake(server, name: name)
                #expect(seen.certificate == expected[index], "\(name ?? "none")")
                try await seen.channel.close()
            }
        }
    }

    @Test("clients older than the minimum version get nothing")
    func minimumVersion() async throws {
        var tls = TLSSettings(.selfSigned(["localhost"]))
        tls.port = 0
        tls.minimumVersion = .tls13
        let configured = tls
        try await withServer({ $0.tls = configured }) { server in
            await #expect(throws: EventBoxFinished.self) {
                _ = try await handshake(server) { $0.maximumTLSVersion = .tlsv12 }
            }
            let seen = try await handshake(server)
            try await seen.channel.close()
        }
    }

    @Test("plain HTTP on the port for TLS ends the connection")
    func plainOnTLS() async throws {
        var tls = TLSSettings(.selfSigned(["localhost"]))
        tls.port = 0
        let configured = tls
        try await withServer({ $0.tls = configured }) { server in
            let socket = try await RawSocket.connect(port: server.securePort)
            try await socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await socket.readToEnd()
            try await server.expectAlive()
        }
    }

    @Test("requests without TLS are sent to the port with it, if so asked")
    func redirect() async throws {
        var tls = TLSSettings(.selfSigned(["localhost"]))
        tls.port = 0
        tls.plainHTTP = .redirect
        let configured = tls
        try await withServer({ $0.tls = configured }) { server in
            let port = server.securePort
            let socket = try await RawSocket.connect(port: server.plainPort)
            try await socket.write("GET /chat?a=b HTTP/1.1\r\nHost: localhost:1\r\n\r\n")
            let answer = try await socket.readResponse()
            #expect(answer.status == 308)
            #expect(answer["Location"] == "https://localhost:\(port)/chat?a=b")
            try await socket.close()
        }
    }

    @Test("a self-signed certificate is for names and addresses, and for nothing else")
    func selfSigned() throws {
        #expect(throws: ApusError.self) { try SelfSignedCertificate(names: []) }
        #expect(throws: ApusError.self) { try SelfSignedCertificate(names: ["no name"]) }
        let made = try SelfSignedCertificate(names: ["localhost", "*.example.org", "127.0.0.1", "::1"])
        #expect(made.certificatePEM.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(made.keyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    }
}
