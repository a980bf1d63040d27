import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import Logging
import NIOCore
import NIOPosix

/// Runs a server on a port that the system chooses, on two loops of its own, for as long as the body takes.
func withServer<Result>(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (Server) async throws -> Result
) async throws -> Result {
    await ServerPermits.shared.take()
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await runServer(configure, body))
    } catch {
        result = .failure(error)
    }
    await ServerPermits.shared.giveBack()
    return try result.get()
}

private func runServer<Result>(
    _ configure: (inout ServerConfiguration) -> Void,
    _ body: (Server) async throws -> Result
) async throws -> Result {
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.stopTimeout = .milliseconds(300)
    if Carrier.current.isEncrypted {
        var tls = TLSSettings(.selfSigned(["localhost", "127.0.0.1"]))
        tls.port = 0
        configuration.tls = tls
    }
    configure(&configuration)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let server = try await Server.start(
        configuration,
        group: group,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let result: Swift.Result<Result, any Error>
    do {
        try await CarrierGateway.start(.current, for: server)
        result = .success(try await body(server))
    } catch {
        result = .failure(error)
    }
    await server.stop()
    try await CarrierGateway.stop(for: server)
    try await group.shutdownGracefully()
    return try result.get()
}

extension Server {
    /// Where a client that speaks plain HTTP/1.1 connects, whatever carries it from there on.
    var port: Int { CarrierGateway.port(for: self) ?? plainPort }

    /// The server's own port without TLS.
    var plainPort: Int { address.port ?? 0 }
    /// The server's own port with TLS; 0 if there is none.
    var securePort: Int { secureAddress?.port ?? 0 }

    /// Waits, without sleeping, until a channel has so many subscribers.
    func waitForSubscribers(_ count: Int, on channel: String = "news") async throws {
        let name = try ChannelName(channel)
        let hub = hub
        try await withDeadline("\(count) subscribers of \(channel)", within: .seconds(20)) {
            while try hub.status(of: name).subscribers != count {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    /// Waits, without sleeping, until so many connections are left.
    func waitForConnections(_ count: Int) async throws {
        try await withDeadline("\(count) connections", within: .seconds(20)) {
            while await self.connectionCount > count + CarrierGateway.ownConnections(to: self) {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    /// Publishes a text without the network.
    @discardableResult
    func publish(_ text: String, to channel: String = "news") throws -> Published {
        try hub.publish(Message(data: ByteBuffer(string: text), contentType: .text), to: ChannelName(channel))
    }
}
