import ApusCore
public import ApusHub
public import Logging
public import NIOCore
public import NIOPosix
import NIOSSL
import Synchronization

/// A push server: a hub, and every transport to it over HTTP/1.1 and HTTP/2, with TLS and without.
public final class Server: Sendable {
    /// The channels, for publishing and reading from this program.
    public let hub: Hub
    /// Where the server listens; the port that the system chose, if it was asked to.
    public let address: SocketAddress
    /// Where it listens for TLS, if it does.
    public let secureAddress: SocketAddress?
    private let listeners: [any NIOCore.Channel]
    private let identities: TLSIdentityStore?
    private let loops: [LoopHandle]
    /// What it does again and again.
    private let tasks: [RepeatedTask]
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
        let identities = try await identities(configuration)
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
        let listeners = try await listen(configuration, on: host, group: group, loops: loops, identities: identities)
        guard let address = listeners.first?.localAddress else { throw ChannelError.unknownLocalAddress }
        let secureAddress = listeners.dropFirst().first?.localAddress
        if configuration.tls?.plainHTTP == .redirect { context.redirect(to: secureAddress?.port) }
        var tasks: [RepeatedTask] = []
        if configuration.publishesDemo {
            let eventLoop = group.next()
            tasks.append(
                try await eventLoop.submit {
                    try DemoPublisher.start(on: eventLoop, hub: hub, time: SystemTime.now, logger: logger)
                }.get()
            )
        }
        if let identities, let interval = configuration.tls?.reloadInterval {
            tasks.append(identities.watch(on: group.next(), every: interval, logger: logger))
        }
        return Server(
            hub: hub,
            address: address,
            secureAddress: secureAddress,
            listeners: listeners,
            identities: identities,
            loops: Array(loops.values),
            tasks: tasks,
            configuration: configuration,
            logger: logger
        )
    }

    private static func identities(_ configuration: ServerConfiguration) async throws -> TLSIdentityStore? {
        guard let tls = configuration.tls else { return nil }
        return try await NIOThreadPool.singleton.runIfActive { try TLSIdentityStore(tls.source) }
    }

    /// The port without TLS, and the one with it, if there is one.
    private static func listen(
        _ configuration: ServerConfiguration,
        on host: SocketAddress,
        group: any EventLoopGroup,
        loops: [ObjectIdentifier: LoopHandle],
        identities: TLSIdentityStore?
    ) async throws -> [any NIOCore.Channel] {
        let plain = try await bootstrap(group, loops: loops, tls: nil).bind(to: host).get()
        guard let tls = configuration.tls, let identities else { return [plain] }
        do {
            let context = try TLSContext.make(
                tls,
                identities: identities,
                offersHTTP2: configuration.http2.isEnabled
            )
            let host = try SocketAddress.makeAddressResolvingHost(configuration.host, port: tls.port)
            return [plain, try await bootstrap(group, loops: loops, tls: context).bind(to: host).get()]
        } catch {
            try? await plain.close().get()
            throw error
        }
    }

    private static func bootstrap(
        _ group: any EventLoopGroup,
        loops: [ObjectIdentifier: LoopHandle],
        tls: NIOSSLContext?
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
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
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.loop.value else { return }
                    try loop.accept(channel, tls: tls)
                }
            }
    }

    private init(
        hub: Hub,
        address: SocketAddress,
        secureAddress: SocketAddress?,
        listeners: [any NIOCore.Channel],
        identities: TLSIdentityStore?,
        loops: [LoopHandle],
        tasks: [RepeatedTask],
        configuration: ServerConfiguration,
        logger: Logger
    ) {
        self.hub = hub
        self.address = address
        self.secureAddress = secureAddress
        self.listeners = listeners
        self.identities = identities
        self.loops = loops
        self.tasks = tasks
        self.configuration = configuration
        self.logger = logger
    }

    /// Stops listening, lets every connection end in its transport's own words, and closes what is left after `stopTimeout`.
    ///
    /// Polls are answered, streams end, WebSockets are closed with 1001. May be called more than once.
    public func stop() async {
        guard !hasStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        logger.info("stopping")
        for task in tasks { task.cancel() }
        for listener in listeners { try? await listener.close().get() }
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

    /// Reads the certificates again now, if their files have changed. New connections get the new ones.
    ///
    /// - Returns: How many are new. What can't be used is logged, and the old one stays.
    @discardableResult
    public func reloadCertificates() async throws -> Int {
        guard let identities else { return 0 }
        let logger = logger
        return try await NIOThreadPool.singleton.runIfActive { identities.reload(logger: logger) }
    }

    /// How many connections are open; streams of HTTP/2 that carry an endless answer count too.
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
