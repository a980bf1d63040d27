import ApusClient
import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import Logging
import NIOCore

/// Runs a server on a port of the system's choice for as long as a test needs it.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ test: (Server, ChannelClient) async throws -> Void
) async throws {
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.stopTimeout = .milliseconds(200)
    configure(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let server = try await Server.start(configuration, logger: logger)
    do {
        try await test(server, try ChannelClient(server.url))
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

extension Server {
    var port: Int { address.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }

    /// Publishes text from inside.
    @discardableResult
    func publish(_ text: String, type: ContentType = .text, to channel: ChannelName) throws -> Position {
        try hub.publish(Message(data: ByteBuffer(string: text), contentType: type), to: channel).position
    }
}

extension SubscriptionOptions {
    /// Impatient, so that tests need not wait.
    static var quick: SubscriptionOptions {
        var options = SubscriptionOptions()
        options.backOff = BackOff(minimum: .milliseconds(1), maximum: .milliseconds(10))
        options.pollInterval = .milliseconds(5)
        return options
    }
}

extension ChannelSubscription {
    /// The first events.
    func first(_ count: Int, within duration: Duration = .seconds(20)) async throws -> [SubscriptionEvent] {
        try await withDeadline("\(count) events", within: duration) {
            var events: [SubscriptionEvent] = []
            for try await event in self {
                events.append(event)
                if events.count == count { break }
            }
            return events
        }
    }
}

extension SubscriptionEvent {
    /// A message; nil for a gap.
    var message: ChannelMessage? {
        if case .message(let message) = self { return message }
        return nil
    }
}
