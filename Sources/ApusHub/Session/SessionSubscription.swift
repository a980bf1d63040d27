import ApusCore
import ApusWire
import NIOCore

/// One channel of a session: the outbox of its cursor. Belongs to one event loop.
final class SessionSubscription {
    let channel: ChannelName
    /// Whether the server made it; then only connecting again can recover it.
    let isServerSide: Bool
    /// Who the session is on this channel; nil if others are not to see it.
    let info: ClientInfo?
    var subscriber: StreamSubscriber?
    /// Whether it stands in line for the session's way out.
    var isWaiting = false
    /// Ends the subscription if it is not refreshed.
    var expiry: WheelTimer?
    private let session: Session

    init(session: Session, channel: ChannelName, isServerSide: Bool, info: ClientInfo?) {
        self.session = session
        self.channel = channel
        self.isServerSide = isServerSide
        self.info = info
    }
}

extension SessionSubscription: Outbox {
    func send(_ bytes: ByteBuffer) -> OutboxState { session.output.send(bytes, for: self) }

    func end(_ reason: StreamEnd) {
        switch reason {
        case .gap: session.lostHistory(self)
        case .stopping: session.disconnect(.shutdown)
        }
    }
}

extension SessionSubscription: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) { session.expired(self) }
}
