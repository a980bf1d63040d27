import ApusCore
import ApusHub
import Logging
import NIOCore

/// Publishes the demonstration feed for as long as the server runs. Belongs to one event loop.
final class DemoPublisher {
    private static let pause: TimeAmount = .milliseconds(250)

    private var feed: DemoFeed
    private let hub: Hub
    private let time: @Sendable () -> Int64
    private let logger: Logger

    private init(feed: DemoFeed, hub: Hub, time: @escaping @Sendable () -> Int64, logger: Logger) {
        self.feed = feed
        self.hub = hub
        self.time = time
        self.logger = logger
    }

    /// Begins on a loop; the task that is returned ends it.
    static func start(
        on eventLoop: any EventLoop,
        hub: Hub,
        time: @escaping @Sendable () -> Int64,
        logger: Logger
    ) throws -> RepeatedTask {
        eventLoop.assertInEventLoop()
        let feed = try DemoFeed(seed: .random(in: .min ... .max))
        let publisher = DemoPublisher(feed: feed, hub: hub, time: time, logger: logger)
        let bound = NIOLoopBound(publisher, eventLoop: eventLoop)
        return eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: pause) { _ in bound.value.publish() }
    }

    private func publish() {
        do {
            for (channel, message) in try feed.tick(time: time()) { try hub.publish(message, to: channel) }
        } catch {
            logger.debug("the demonstration could not be published", metadata: ["error": "\(error)"])
        }
    }
}
