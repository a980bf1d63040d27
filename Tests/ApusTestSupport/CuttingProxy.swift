import NIOCore
import NIOPosix
import Synchronization

/// A TCP relay to a server that cuts connections, as bad networks do: each one after so many bytes from the server.
package final class CuttingProxy: Sendable {
    private let listener: any NIOCore.Channel
    private let connections: CuttingConnections
    /// Where it listens.
    package let port: Int

    /// Starts to relay to a port on this machine.
    ///
    /// - Parameter cuts: For one connection after another, how many bytes of the server's it carries before it is cut;
    ///   those that follow the last are left whole.
    package static func start(to serverPort: Int, cuts: [Int] = []) async throws -> CuttingProxy {
        let connections = CuttingConnections(cuts: cuts)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Nothing is read until there is somebody to relay it to.
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                let cut = connections.add(client)
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in
                        server.eventLoop.makeCompletedFuture {
                            try server.pipeline.syncOperations.addHandler(CuttingRelay(to: client, cut: cut))
                            try client.pipeline.syncOperations.addHandler(CuttingRelay(to: server, cut: nil))
                        }
                    }
                    .connect(host: "127.0.0.1", port: serverPort)
                    .flatMap { _ in client.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return CuttingProxy(listener: listener, connections: connections, port: port)
    }

    private init(listener: any NIOCore.Channel, connections: CuttingConnections, port: Int) {
        self.listener = listener
        self.connections = connections
        self.port = port
    }

    /// How many connections there were.
    package var connectionCount: Int { connections.count }

    /// Cuts every connection that is open.
    package func cutAll() {
        for channel in connections.open { channel.close(promise: nil) }
    }

    /// Stops listening, and cuts every connection.
    package func stop() async {
        try? await listener.close().get()
        cutAll()
    }
}

/// The connections of a proxy: which is cut when, and which are open.
private final class CuttingConnections: Sendable {
    private struct State {
        var cuts: [Int]
        var count = 0
        var open: [ObjectIdentifier: any NIOCore.Channel] = [:]
    }

    private let state: Mutex<State>

    init(cuts: [Int]) {
        state = Mutex(State(cuts: cuts))
    }

    var count: Int { state.withLock(\.count) }
    var open: [any NIOCore.Channel] { state.withLock { Array($0.open.values) } }

    /// - Returns: After how many bytes it is cut; nil for never.
    func add(_ channel: any NIOCore.Channel) -> Int? {
        let id = ObjectIdentifier(channel)
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open[id] = nil } }
        return state.withLock { state in
            state.count += 1
            state.open[id] = channel
            return state.cuts.isEmpty ? nil : state.cuts.removeFirst()
        }
    }
}

/// Hands the bytes of one side to the other, until it cuts both.
private final class CuttingRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let partner: any NIOCore.Channel
    private var rest: Int?

    init(to partner: any NIOCore.Channel, cut: Int?) {
        self.partner = partner
        rest = cut
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let rest else {
            partner.write(bytes, promise: nil)
            return
        }
        guard bytes.readableBytes >= rest else {
            self.rest = rest - bytes.readableBytes
            partner.write(bytes, promise: nil)
            return
        }
        self.rest = 0
        let partner = partner
        partner.writeAndFlush(bytes.getSlice(at: bytes.readerIndex, length: rest) ?? ByteBuffer())
            .whenComplete { _ in partner.close(promise: nil) }
        context.close(promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner.flush()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Behind what is still to be written.
        partner.writeAndFlush(ByteBuffer()).whenComplete { [partner] _ in partner.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
