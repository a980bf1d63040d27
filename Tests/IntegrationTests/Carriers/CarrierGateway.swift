import ApusServer
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// Lets clients that speak HTTP/1.1 reach a server over another carrier: it encrypts, or translates to HTTP/2, where all
/// clients of a server are streams of one connection.
final class CarrierGateway: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let listener: any NIOCore.Channel
    /// Connections to the server that are the gateway's own.
    let ownConnections: Int

    /// The gateways of the servers that have one.
    private static let gateways = Mutex<[ObjectIdentifier: CarrierGateway]>([:])

    static func ownConnections(to server: Server) -> Int {
        gateways.withLock { $0[ObjectIdentifier(server)]?.ownConnections ?? 0 }
    }

    static func port(for server: Server) -> Int? {
        gateways.withLock { $0[ObjectIdentifier(server)]?.listener.localAddress?.port }
    }

    /// Puts a gateway before a server, unless clients reach it as they are.
    static func start(_ carrier: Carrier, for server: Server) async throws {
        guard carrier != .http1 else { return }
        let gateway = try await CarrierGateway(carrier, server)
        gateways.withLock { $0[ObjectIdentifier(server)] = gateway }
    }

    static func stop(for server: Server) async throws {
        guard let gateway = gateways.withLock({ $0.removeValue(forKey: ObjectIdentifier(server)) }) else { return }
        try await gateway.group.shutdownGracefully()
    }

    private init(_ carrier: Carrier, _ server: Server) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        guard let target = carrier.isEncrypted ? server.secureAddress : server.address else {
            throw ChannelError.unknownLocalAddress
        }
        let tls = carrier.isEncrypted ? try Self.context(carrier) : nil
        let link = carrier.isHTTP2 ? try await Self.connect(group, to: target, tls: tls) : nil
        ownConnections = link == nil ? 0 : 1
        let authority = "127.0.0.1:\(target.port ?? 0)"
        listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            // Little is kept here, so that the server soon feels a client that does not read.
            .childChannelOption(.socketOption(.so_sndbuf), value: 16_384)
            .childChannelOption(.autoRead, value: link != nil)
            .childChannelInitializer { channel in
                if let link {
                    return channel.eventLoop.makeCompletedFuture {
                        try HTTP2Translator.add(to: channel, connection: link, authority: authority)
                    }
                }
                return ClientBootstrap(group: channel.eventLoop)
                    .channelOption(.socketOption(.so_rcvbuf), value: 16_384)
                    .channelInitializer { other in
                        other.eventLoop.makeCompletedFuture {
                            if let tls {
                                try other.pipeline.syncOperations.addHandler(
                                    NIOSSLClientHandler(context: tls, serverHostname: nil)
                                )
                            }
                        }
                    }
                    .connect(to: target)
                    .flatMapThrowing { other in
                        let (near, far) = Splice.pair()
                        try channel.pipeline.syncOperations.addHandler(near)
                        try other.pipeline.syncOperations.addHandler(far)
                        try channel.syncOptions?.setOption(.autoRead, value: true)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private static func context(_ carrier: Carrier) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // The server's certificate is its own.
        configuration.certificateVerification = .none
        configuration.applicationProtocols = carrier.isHTTP2 ? ["h2"] : ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    private static func connect(
        _ group: MultiThreadedEventLoopGroup,
        to target: SocketAddress,
        tls: NIOSSLContext?
    ) async throws -> HTTP2Link {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 65_536),
            // Small, so that the server soon feels a client that does not read.
            HTTP2Setting(parameter: .initialWindowSize, value: 16_384),
        ]
        configuration.stream.targetWindowSize = 16_384
        let settings = configuration
        let greeted = group.next().makePromise(of: Void.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: nil)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        NIOHTTP2Handler(
                            mode: .client,
                            eventLoop: channel.eventLoop,
                            connectionConfiguration: settings.connection,
                            streamConfiguration: settings.stream
                        ) { $0.eventLoop.makeSucceededVoidFuture() }
                    )
                    try channel.pipeline.syncOperations.addHandler(Greeting(greeted))
                }
            }
            .connect(to: target).get()
        try await greeted.futureResult.get()
        let multiplexer = try await channel.pipeline.handler(type: NIOHTTP2Handler.self).flatMap { $0.multiplexer }
            .get()
        return HTTP2Link(channel: channel, multiplexer: multiplexer)
    }
}

/// Waits for the server's settings, without which no extended CONNECT may be sent (RFC 8441 §3).
private final class Greeting: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .settings(.settings) = unwrapInboundIn(data).payload { promise.succeed() }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}

/// The connection that carries a gateway's clients.
struct HTTP2Link: Sendable {
    let channel: any NIOCore.Channel
    let multiplexer: NIOHTTP2Handler.StreamMultiplexer
}

/// One side of two connections that are one: what comes here goes out there, no faster than there takes it.
final class Splice: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private weak var other: Splice?
    private var context: ChannelHandlerContext?
    private var isReadPending = false

    static func pair() -> (Splice, Splice) {
        let (near, far) = (Splice(), Splice())
        near.other = far
        far.other = near
        return (near, far)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if other?.context?.channel.isWritable == false {
            isReadPending = true
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other?.context?.writeAndFlush(data, promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, let other, other.isReadPending else { return }
        other.isReadPending = false
        other.context?.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
