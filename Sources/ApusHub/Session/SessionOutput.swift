import ApusCore
import ApusWire
import DequeModule
import NIOCore

/// The one way out that a session's replies and all its subscriptions share. Belongs to one event loop.
///
/// Replies and pushes of its own are held, within a limit, while the line is full. Publications are not: their subscriptions
/// are refused, wait in line as cursors, and go on by turns when the line takes more.
final class SessionOutput {
    /// How much goes out together at most, in bytes, before what comes after it is made.
    private static let corkedBytes = 64 << 10

    let carrier: SessionCarrier
    let coding: BodyCoding
    private let limit: Int
    private(set) var line: (any SessionLine)?
    /// Framed and not yet sent.
    private var held = ByteBuffer()
    /// Whether the line takes nothing at the moment.
    private(set) var isFull = false
    private var isCorked = false
    private var waiting = Deque<SessionSubscription>()

    init(carrier: SessionCarrier, coding: BodyCoding, limit: Int) {
        self.carrier = carrier
        self.coding = coding
        self.limit = limit
    }

    func attach(_ line: any SessionLine) {
        self.line = line
        carrier.appendPreamble(to: &held)
        flush()
    }

    /// Whether the client has left more unread than it may.
    var isOverfull: Bool { isFull && held.readableBytes > limit }

    /// What is held or sent until `uncork()` goes out together.
    func cork() { isCorked = true }

    func uncork() {
        isCorked = false
        flush()
    }

    func reply(_ reply: SessionReply) {
        guard line != nil else { return }
        carrier.append(reply, to: &held)
        flushUnlessCorked()
    }

    func push(_ push: SessionPush) {
        guard line != nil else { return }
        carrier.append(push, to: &held)
        flushUnlessCorked()
    }

    private func flushUnlessCorked() {
        if !isCorked || held.readableBytes >= Self.corkedBytes { flush() }
    }

    func ping() {
        guard line != nil, !isFull else { return }
        carrier.appendPing(to: &held)
        flush()
    }

    private func flush() {
        guard !isFull, held.readableBytes > 0, let line else { return }
        let bytes = held
        held = ByteBuffer()
        let slice =
            coding == .identity
            ? bytes : coding.slice(sizeHint: bytes.readableBytes) { _ = $0.writeImmutableBuffer(bytes) }
        if line.send(slice) != .ready { isFull = true }
    }

    /// Sends a slice of a subscription's, behind the replies that came before it.
    func send(_ slice: ByteBuffer, for subscription: SessionSubscription) -> OutboxState {
        flush()
        guard !isFull, let line else {
            wait(subscription)
            return .refused
        }
        guard line.send(slice) != .ready else { return .ready }
        isFull = true
        wait(subscription)
        return .full
    }

    private func wait(_ subscription: SessionSubscription) {
        guard !subscription.isWaiting else { return }
        subscription.isWaiting = true
        waiting.append(subscription)
    }

    /// The line takes nothing until `writable()`.
    func block() { isFull = true }

    /// The line takes more.
    func writable() {
        isFull = false
        flush()
        while !isFull, let subscription = waiting.popFirst() {
            subscription.isWaiting = false
            subscription.subscriber?.writable()
        }
    }

    /// Says good-bye and lets go of the line.
    func close(_ reason: SessionDisconnect) {
        guard let line else { return }
        self.line = nil
        waiting = []
        switch (carrier.kind, carrier.isUnidirectional) {
        case (.webSocket, false): break
        case (.webSocket, true), (.lines, _), (.eventStream, _), (.iframe, _):
            carrier.append(.disconnect(reason), to: &held)
        }
        let bytes = held
        held = ByteBuffer()
        line.close(
            reason,
            farewell: coding.slice(sizeHint: bytes.readableBytes) { _ = $0.writeImmutableBuffer(bytes) }
        )
    }

    /// The line is gone.
    func detach() {
        line = nil
        waiting = []
        held = ByteBuffer()
    }
}
