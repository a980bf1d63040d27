import NIOCore
import NIOPosix
import Synchronization

/// A TCP relay between clients and a server that breaks on demand, as networks do.
///
/// A browser's offline mode leaves standing connections alone; this does not. Clients connect to ``port``.
package final class FaultProxy: Sendable {
    private struct Refused: Error {}

    private struct State {
        var isFrozen = false
        var isRefusing = false
        /// Both channels of every connection that stands.
        var relays: [ObjectIdentifier: NIOLoopBound<Relay>] = [:]
    }

    /// Gets a value for each connection that a client made, refused ones too.
    package let accepted = EventBox<Void>()
    private let target: Int
    private let state = Mutex(State())
    /// Set once, before anybody has the proxy.
    private let listener = Mutex<(any NIOCore.Channel)?>(nil)

    private init(target: Int) {
        self.target = target
    }

    /// Listens on a port of the system's choice and relays to a port on this machine.
    package static func start(to target: Int) async throws -> FaultProxy {
        let proxy = FaultProxy(target: target)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { proxy.accept($0) }
            .bind(host: "127.0.0.1", port: 0).get()
        proxy.listener.withLock { $0 = channel }
        return proxy
    }

    /// Where clients connect.
    package var port: Int {
        listener.withLock { $0?.localAddress?.port } ?? 0
    }

    /// How many connections to the server stand.
    package var connectionCount: Int {
        state.withLock { $0.relays.count / 2 }
    }

    /// Breaks all connections (RST on both sides). New ones are still taken.
    package func cut() async throws {
        try await onEach { $0.reset() }
    }

    /// Nothing passes any more, and nobody is told: a cable that is pulled. New connections are taken, and are as mute.
    /// Only resets pass still.
    package func freeze() {
        state.withLock { $0.isFrozen = true }
    }

    /// Lets everything pass again, what was held back first.
    package func thaw() async throws {
        state.withLock { $0.isFrozen = false }
        try await onEach { $0.goOn() }
    }

    /// Whether new connections are closed at once; those that stand are left alone.
    package func setRefusing(_ isRefusing: Bool) {
        state.withLock { $0.isRefusing = isRefusing }
    }

    /// Stops listening and breaks what stands.
    package func close() async throws {
        if let channel = listener.withLock({ $0 }) { try await channel.close().get() }
        try await cut()
    }

    var isFrozen: Bool {
        state.withLock(\.isFrozen)
    }

    func add(_ relay: Relay, on loop: any EventLoop) {
        let bound = NIOLoopBound(relay, eventLoop: loop)
        state.withLock { $0.relays[ObjectIdentifier(relay)] = bound }
    }

    func remove(_ relay: Relay) {
        state.withLock { $0.relays[ObjectIdentifier(relay)] = nil }
    }

    /// Runs something on the loop of each connection's each side, and waits until it has run.
    private func onEach(_ body: @escaping @Sendable (Relay) -> Void) async throws {
        for relay in state.withLock({ Array($0.relays.values) }) {
            try await relay.eventLoop.submit { body(relay.value) }.get()
        }
    }

    private func accept(_ client: any NIOCore.Channel) -> EventLoopFuture<Void> {
        accepted.send(())
        let loop = client.eventLoop
        // A child whose preparation fails is closed.
        guard !state.withLock(\.isRefusing) else { return loop.makeFailedFuture(Refused()) }
        let near = Relay(proxy: self)
        let far = Relay(proxy: self)
        near.partner = far
        far.partner = near
        let boundFar = NIOLoopBound(far, eventLoop: loop)
        do {
            try client.pipeline.syncOperations.addHandler(near)
        } catch {
            return loop.makeFailedFuture(error)
        }
        return ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(boundFar.value)
                }
            }
            .connect(host: "127.0.0.1", port: target)
            .map { _ in }
    }
}
