import ApusCore
public import ApusHub
public import Logging
public import NIOCore
import NIOHTTP1
public import NIOPosix
import Synchronization

/// A push server: a hub, and every transport to it over HTTP/1.1.
public final class Server: Sendable {
    /// The channels, for publishing and reading from this program.
    public let hub: Hub
    /// Where the server listens; the port that the system chose, if it was asked to.
    public let address: SocketAddress
    private let listener: any NIOCore.Channel
    private let loops: [LoopHandle]
    private let demo: RepeatedTask?
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let hasStopped = Atomic<Bool>(false)

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen, and all limits.
    ///   - group: The event loops to run on.
    ///   - logger: Where to report to.
    /// - Throws: `ApusError` for a configuration that can't be served; the system's error if the address can't be had.
    public static func start(
        _ configuration: ServerConfiguration = ServerConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "apus")
    ) async throws -> Server {
        let hub = try await Hub.start(configuration: configuration.hub, group: group)
        do {
            return try await start(configuration, hub: hub, group: group, logger: logger)
        } catch {
            try await hub.shutDown()
            throw error
        }
    }

    private static func start(
        _ configuration: ServerConfiguration,
        hub: Hub,
        group: any EventLoopGroup,
        logger: Logger
    ) async throws -> Server {
        let host = try SocketAddress.makeAddressResolvingHost(configuration.host, port: configuration.port)
        let context = ServerContext(
            hub: hub,
            configuration: configuration,
            origins: try OriginPolicy(configuration, listensOnLoopbackOnly: host.isLoopback),
            pages: try configuration.pages(),
            logger: logger,
            time: SystemTime.now
        )
        var loops: [ObjectIdentifier: LoopHandle] = [:]
        for eventLoop in group.makeIterator() {
            loops[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                guard let shard = hub.shard(on: eventLoop) else { throw ChannelError.inappropriateOperationForState }
                let loop = ServerLoop(shard: shard, context: context)
                return LoopHandle(eventLoop: eventLoop, loop: NIOLoopBound(loop, eventLoop: eventLoop))
            }.get()
        }
        let loopsByEventLoop = loops
        let listener = try await ServerBootstrap(group: group)
            // When thousands come back at once, those that the kernel's queue has no room for try again a second later.
            .serverChannelOption(.backlog, value: 65_535)
            .serverChannelOption(.maxMessagesPerRead, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // One buffer of 64 KiB would stay with every idle connection; small reads suit small requests.
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2_048, maximum: 65_536)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loopsByEventLoop[ObjectIdentifier(channel.eventLoop)]?.loop.value else { return }
                    try loop.accept(channel)
                }
            }
            .bind(to: host).get()
        guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
        var demo: RepeatedTask?
        if configuration.publishesDemo {
            let eventLoop = group.next()
            demo = try await eventLoop.submit {
                try DemoPublisher.start(on: eventLoop, hub: hub, time: SystemTime.now, logger: logger)
            }.get()
        }
        return Server(
            hub: hub,
            address: address,
            listener: listener,
            loops: Array(loops.values),
            demo: demo,
            configuration: configuration,
            logger: logger
        )
    }

    private init(
        hub: Hub,
        address: SocketAddress,
        listener: any NIOCore.Channel,
        loops: [LoopHandle],
        demo: RepeatedTask?,
        configuration: ServerConfiguration,
        logger: Logger
    ) {
        self.hub = hub
        self.address = address
        self.listener = listener
        self.loops = loops
        self.demo = demo
        self.configuration = configuration
        self.logger = logger
    }

    /// Stops listening, lets every connection end in its transport's own words, and closes what is left after `stopTimeout`.
    ///
    /// Polls are answered, streams end, WebSockets are closed with 1001. May be called more than once.
    public func stop() async {
        guard !hasStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        logger.info("stopping")
        demo?.cancel()
        try? await listener.close().get()
        for loop in loops {
            try? await loop.run { $0.stop() }
        }
        try? await hub.endSubscribers()
        let deadline = ContinuousClock.now + configuration.stopTimeout
        while ContinuousClock.now < deadline, await connectionCount > 0 {
            try? await Task.sleep(for: .milliseconds(10))
        }
        for loop in loops {
            try? await loop.run { $0.closeAll() }
        }
        try? await hub.shutDown()
        logger.info("stopped")
    }

    /// How many connections are open.
    public var connectionCount: Int {
        get async {
            var count = 0
            for loop in loops {
                count += (try? await loop.run { $0.connectionCount }) ?? 0
            }
            return count
        }
    }
}

/// A server's part on an event loop, reachable from anywhere.
private struct LoopHandle: Sendable {
    let eventLoop: any EventLoop
    let loop: NIOLoopBound<ServerLoop>

    func run<Result: Sendable>(_ work: @escaping @Sendable (ServerLoop) -> Result) async throws -> Result {
        try await eventLoop.submit { work(loop.value) }.get()
    }
}
