import ApusCore
import ApusHub
import ApusServer
import NIOCore
import NIOPosix

/// A server in this process, with its pages and its demonstration, as a browser reaches it.
struct Site: Sendable {
    let server: Server
    let port: Int

    /// What every address of it begins with.
    var origin: String { Self.origin(port: port) }

    static func origin(port: Int) -> String { "http://127.0.0.1:\(port)" }

    /// Starts one, on a port that the system chooses unless a test has its own.
    static func start(port: Int = 0) async throws -> Site {
        var configuration = ServerConfiguration()
        configuration.port = port
        configuration.publishesDemo = true
        configuration.heartbeat = .seconds(5)
        configuration.stopTimeout = .seconds(1)
        let server = try await Server.start(configuration, group: MultiThreadedEventLoopGroup.singleton)
        guard let port = server.address.port else { throw ChannelError.unknownLocalAddress }
        return Site(server: server, port: port)
    }

    /// Starts one, and stops it whatever happens.
    static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Site) async throws -> Value
    ) async throws -> Value {
        let site = try await start()
        do {
            let value = try await body(site)
            await site.stop()
            return value
        } catch {
            await site.stop()
            throw error
        }
    }

    /// Stops it. May be called more than once.
    func stop() async {
        await server.stop()
    }

    /// Publishes from this side.
    func publish(
        _ text: String,
        _ contentType: ContentType = .text,
        event: String? = nil,
        id: String? = nil,
        to channel: String
    ) throws {
        try publish(bytes: Array(text.utf8), contentType, event: event, id: id, to: channel)
    }

    /// Publishes bytes from this side.
    func publish(
        bytes: [UInt8],
        _ contentType: ContentType,
        event: String? = nil,
        id: String? = nil,
        to channel: String
    ) throws {
        let data = ByteBuffer(bytes: bytes)
        let message = try Message(data: data, contentType: contentType, event: event, id: id)
        try server.hub.publish(message, to: ChannelName(channel))
    }
}
