import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that cuts its connections at a test's word, and remembers what clients have sent.
final class CuttingProxy: Sendable {
    private struct State {
        var connections: [any NIOCore.Channel] = []
        var sent = ""
    }

    /// Where it listens.
    let port: Int
    private let listener: any NIOCore.Channel
    private let memory: Memory

    /// What the listener's handlers share with the proxy.
    private final class Memory: Sendable {
        let state = Mutex(State())
    }

    /// Starts one before a server on this machine.
    static func start(to port: Int) async throws -> CuttingProxy {
        let memory = Memory()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                memory.state.withLock { $0.connections.append(client) }
                // Nothing is read from the client before this has come to an end.
                return ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { server in
                        let record: @Sendable (ByteBuffer) -> Void = { bytes in
                            memory.state.withLock { $0.sent += String(buffer: bytes) }
                        }
                        try client.pipeline.syncOperations.addHandler(ProxyHalf(other: server, record: record))
                        try server.pipeline.syncOperations.addHandler(ProxyHalf(other: client))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let own = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return CuttingProxy(port: own, listener: listener, memory: memory)
    }

    private init(port: Int, listener: any NIOCore.Channel, memory: Memory) {
        self.port = port
        self.listener = listener
        self.memory = memory
    }

    /// Everything that clients have sent, on all connections, as text.
    var sent: String {
        memory.state.withLock(\.sent)
    }

    /// Ends all connections, in the middle of whatever they carry. New ones are welcome.
    func cut() async {
        let connections = memory.state.withLock { state in
            defer { state.connections = [] }
            return state.connections
        }
        // One that has ended by itself can't be closed again.
        for connection in connections { try? await connection.close().get() }
    }

    /// Stops listening and ends all connections.
    func close() async {
        try? await listener.close().get()
        await cut()
    }
}

/// Hands on what one side says to the other, and its end.
private final class ProxyHalf: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any NIOCore.Channel
    private let record: @Sendable (ByteBuffer) -> Void

    init(other: any NIOCore.Channel, record: @escaping @Sendable (ByteBuffer) -> Void = { _ in }) {
        self.other = other
        self.record = record
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        record(bytes)
        other.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
