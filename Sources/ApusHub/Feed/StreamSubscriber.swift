import ApusCore
import ApusWire
import NIOCore

/// A cursor with an outbox: one subscriber that is sent everything as it comes. Belongs to one event loop.
///
/// It holds no messages. *Live*, it stands where its feed stands. *Lagging*, it has positions of its own, and reads on from the
/// log whenever its outbox takes more.
package final class StreamSubscriber {
    private enum State {
        /// Has everything up to its `version` of the feed. Leaves by a full outbox.
        case live
        /// Stands at these positions; `isFull` while the outbox takes nothing. Leaves by reaching the feed's positions.
        case lagging([Position], isFull: Bool)
        /// Left the feed for good.
        case closed
    }

    private let feed: Feed
    let slot: EncodingSlot
    package let outbox: any Outbox
    private var state: State
    /// The feed's round that it had last, while it is live.
    var version: UInt64 = 0
    /// Where the feed keeps it.
    var index: Int?

    /// How many slices it takes in a row before others get their turn.
    private static let slicesPerTurn = 4

    init(feed: Feed, slot: EncodingSlot, outbox: any Outbox, positions: [Position]) {
        self.feed = feed
        self.slot = slot
        self.outbox = outbox
        state = .lagging(positions, isFull: false)
    }

    var isLive: Bool {
        switch state {
        case .live: true
        case .lagging, .closed: false
        }
    }

    /// Whether it waits for its socket or still has history to read.
    package var isLagging: Bool {
        switch state {
        case .lagging: true
        case .live, .closed: false
        }
    }

    /// Sends what its stream begins with, and then the history it lacks.
    package func start() {
        guard case .lagging(let positions, isFull: false) = state else { return }
        let preamble = slot.preamble(cursor: Cursor(positions).description)
        if preamble.readableBytes > 0, outbox.send(preamble) != .ready {
            fall(behindAt: positions)
        } else {
            catchUp()
        }
    }

    /// The outbox is full; what comes after these positions waits in the log.
    func fall(behindAt positions: [Position]) {
        switch state {
        case .live, .lagging: state = .lagging(positions, isFull: true)
        case .closed: break
        }
    }

    /// The outbox takes more.
    package func writable() {
        guard case .lagging(let positions, isFull: true) = state else { return }
        state = .lagging(positions, isFull: false)
        catchUp()
    }

    /// Reads on from the log until it is live or the outbox is full.
    func catchUp() {
        for _ in 0..<Self.slicesPerTurn {
            guard case .lagging(let positions, isFull: false) = state else { return }
            if positions == feed.positions {
                goLive()
                return
            }
            guard let slice = feed.nextSlice(for: self, from: positions) else { return }
            if let gap = slice.gap, !slot.encoding.framing.carriesGaps {
                endForGap(gap)
                return
            }
            // Set before sending, since sending may end this subscriber.
            state = .lagging(slice.end, isFull: false)
            guard slice.bytes.readableBytes > 0 else { continue }
            switch outbox.send(slice.bytes) {
            case .ready: break
            case .full: fall(behindAt: slice.end)
            case .refused: fall(behindAt: positions)
            }
        }
        if case .lagging(_, isFull: false) = state { feed.catchUpLater(self) }
    }

    /// Keeps the stream awake, if nothing waits to be sent anyway.
    package func sendHeartbeat() {
        guard case .live = state else { return }
        let heartbeat = slot.heartbeat
        guard heartbeat.readableBytes > 0, outbox.send(heartbeat) != .ready else { return }
        // In the middle of a round it may still lack that round's slice.
        fall(behindAt: feed.positions(at: version))
    }

    /// Ends a stream whose framing can't say that history was lost.
    func endForGap(_ notice: GapNotice) {
        cancel()
        outbox.end(.gap(notice))
    }

    /// Leaves the feed: the client is gone. May be called more than once.
    package func cancel() {
        if case .closed = state { return }
        state = .closed
        feed.remove(self)
    }

    private func goLive() {
        state = .live
        version = feed.version
    }
}
