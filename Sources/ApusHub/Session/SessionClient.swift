public import ApusCore
import ApusWire
public import NIOCore

/// A session, as an embedding program holds it. May be used from any thread; once the session has ended, nothing happens.
public struct SessionClient: Sendable, CustomStringConvertible {
    /// Who it is: its id, and what `onConnect` said.
    public let info: ClientInfo
    private let session: NIOLoopBound<Session>
    private let eventLoop: any EventLoop

    init(_ session: Session) {
        info = session.info
        eventLoop = session.shard.eventLoop
        self.session = NIOLoopBound(session, eventLoop: eventLoop)
    }

    /// The id.
    public var description: String { info.client ?? "" }

    /// Sends a message: one JSON value.
    ///
    /// - Throws: `ApusError` with code `invalidMessage`.
    public func send(_ data: ByteBuffer) throws(ApusError) {
        try SessionJSON.check(data)
        run { $0.push(.message(data)) }
    }

    /// Subscribes it to a channel, from now on.
    public func subscribe(to channel: ChannelName) {
        run { $0.subscribeByServer(channel) }
    }

    /// Ends a subscription.
    public func unsubscribe(from channel: ChannelName, _ reason: SessionUnsubscribe = .server) {
        run { $0.unsubscribeByServer(channel, reason) }
    }

    /// Ends the session.
    public func disconnect(_ reason: SessionDisconnect = .forceNoReconnect) {
        run { $0.disconnect(reason) }
    }

    private func run(_ work: @escaping @Sendable (Session) -> Void) {
        eventLoop.execute { work(session.value) }
    }
}
