import ApusCore
import ApusWire
import NIOCore

/// All subscribers of one event loop that follow the same channels: the place where a message becomes bytes, once.
///
/// A *round* takes what is new in the logs, frames it once for each encoding in use, and sends it to every live subscriber.
/// It does so a turn of subscribers at a time, so that the loop looks at its sockets in between; what is published meanwhile
/// goes out together in the next round. Belongs to one event loop.
package final class Feed {
    let set: LogSet
    private unowned let shard: Shard
    private let configuration: HubConfiguration
    private let eventLoop: any EventLoop

    /// Where live subscribers stand once the round in progress is over.
    private(set) var positions: [Position]
    /// Where they stood before it.
    private var previousPositions: [Position]
    /// Counts rounds; a live subscriber knows which one it had last.
    private(set) var version: UInt64 = 0

    private var subscribers: [StreamSubscriber] = []
    private var waiters: [BatchWaiter] = []
    private var slots: [WireEncoding: EncodingSlot] = [:]
    /// Subscribers whose cursor is ahead of this loop, or of another epoch than it has heard of; they go on after the next round.
    private var deferred: [StreamSubscriber] = []
    private var deferredWaiters: [BatchWaiter] = []
    private var round: Round?
    private var hasNews = false

    /// Who gets the slices of the round in progress, and how far it is.
    private struct Round {
        let subscribers: [StreamSubscriber]
        let waiters: [BatchWaiter]
        let batch: SharedBatch
        var next = 0
    }

    init(set: LogSet, shard: Shard) {
        self.set = set
        self.shard = shard
        configuration = shard.configuration
        eventLoop = shard.eventLoop
        positions = set.heads
        previousPositions = positions
    }

    private var isUnused: Bool { subscribers.isEmpty && waiters.isEmpty && deferredWaiters.isEmpty && round == nil }

    // MARK: Rounds

    /// A log of this feed has changed.
    func logChanged() {
        guard round == nil else {
            hasNews = true
            return
        }
        startRound()
        releaseIfUnused()
    }

    /// Takes what is new, so that `positions` is as fresh as the logs, unless a round is in progress. The feed is kept, also if
    /// nobody uses it yet.
    func refresh() {
        if round == nil { startRound() }
    }

    private func startRound() {
        hasNews = false
        let limit = ReadLimit(messages: configuration.batchMessages, bytes: configuration.sliceBytes)
        guard let batch = set.read(after: positions, upTo: nil, limit: limit) else { return }
        previousPositions = positions
        positions = batch.end
        if !batch.isComplete { hasNews = true }
        guard !batch.items.isEmpty else {
            finishRound()
            return
        }
        version += 1
        for slot in slots.values { slot.slice = slot.encode(batch) }
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.index = nil }
        set.countSubscribers(-waiting.count)
        round = Round(subscribers: subscribers, waiters: waiting, batch: SharedBatch(batch))
        continueRound()
    }

    /// Serves the next subscribers of the round in progress.
    private func continueRound() {
        guard var current = round else { return }
        let gap = current.batch.batch.firstGap
        let subscriberEnd = min(current.next + configuration.fanOutTurn, current.subscribers.count)
        while current.next < subscriberEnd {
            let subscriber = current.subscribers[current.next]
            current.next += 1
            guard subscriber.isLive, subscriber.version &+ 1 == version else { continue }
            if let gap, !subscriber.slot.encoding.framing.carriesGaps {
                subscriber.endForGap(gap)
                continue
            }
            subscriber.version = version
            switch subscriber.outbox.send(subscriber.slot.slice) {
            case .ready: break
            case .full: subscriber.fall(behindAt: positions)
            case .refused: subscriber.fall(behindAt: previousPositions)
            }
        }
        if current.next < current.subscribers.count {
            round = current
            continueLater()
            return
        }
        var served = current.next - current.subscribers.count
        let waiterEnd = min(served + configuration.fanOutTurn, current.waiters.count)
        while served < waiterEnd {
            current.waiters[served].serve(current.batch)
            served += 1
        }
        current.next = current.subscribers.count + served
        if served < current.waiters.count {
            round = current
            continueLater()
            return
        }
        round = nil
        for slot in slots.values { slot.slice = ByteBuffer() }
        finishRound()
    }

    private func finishRound() {
        if !deferred.isEmpty {
            let again = deferred
            deferred = []
            for subscriber in again { subscriber.catchUp() }
        }
        if !deferredWaiters.isEmpty {
            let again = deferredWaiters
            deferredWaiters = []
            for waiter in again where waiter.isWaiting { add(waiter) }
        }
        // A message that a subscriber just published comes back here; the next round starts from the loop, not from the stack.
        if hasNews, round == nil { shard.afterLookingAtSockets { [self] in logChanged() } }
    }

    private func continueLater() {
        shard.afterLookingAtSockets { [self] in
            continueRound()
            releaseIfUnused()
        }
    }

    /// Gives the feed back if nobody needs it.
    func releaseIfUnused() {
        if isUnused { shard.release(self) }
    }

    // MARK: Streams

    /// Adds a subscriber that streams; it is caught up at once as far as its outbox takes.
    func add(_ subscriber: StreamSubscriber) {
        subscriber.index = subscribers.count
        subscribers.append(subscriber)
        subscriber.slot.users += 1
        set.countSubscribers(1)
    }

    func remove(_ subscriber: StreamSubscriber) {
        guard let index = subscriber.index else { return }
        subscriber.index = nil
        if let last = subscribers.popLast(), last !== subscriber {
            subscribers[index] = last
            last.index = index
        }
        subscriber.slot.users -= 1
        if subscriber.slot.users == 0 { slots[subscriber.slot.encoding] = nil }
        set.countSubscribers(-1)
        releaseIfUnused()
    }

    func slot(for encoding: WireEncoding) -> EncodingSlot {
        if let slot = slots[encoding] { return slot }
        let slot = EncodingSlot(encoding)
        slots[encoding] = slot
        return slot
    }

    /// What a subscriber at these positions has to be sent next, up to where the live ones stand; nil if that is not known yet,
    /// in which case the subscriber is called again.
    func nextSlice(for subscriber: StreamSubscriber, from start: [Position]) -> EncodingSlot.CatchUp? {
        if let known = subscriber.slot.catchUp(from: start) { return known }
        let limit = ReadLimit(messages: configuration.batchMessages, bytes: configuration.sliceBytes)
        guard let batch = set.read(after: start, upTo: positions, limit: limit) else {
            deferred.append(subscriber)
            if round == nil { shard.afterLookingAtSockets { [self] in logChanged() } }
            return nil
        }
        let bytes =
            batch.items.isEmpty ? ByteBuffer() : subscriber.slot.encode(batch)
        let slice = EncodingSlot.CatchUp(bytes: bytes, end: batch.end, gap: batch.firstGap)
        if !batch.items.isEmpty {
            subscriber.slot.remember(slice, from: start)
            shard.hasCatchUps(self)
        }
        return slice
    }

    /// Where a live subscriber stands whose last round is this one.
    func positions(at version: UInt64) -> [Position] {
        version == self.version ? positions : previousPositions
    }

    /// Gives others their turn before a subscriber reads on.
    func catchUpLater(_ subscriber: StreamSubscriber) {
        shard.afterLookingAtSockets { subscriber.catchUp() }
    }

    func forgetCatchUps() {
        for slot in slots.values { slot.forgetCatchUps() }
    }

    // MARK: Waiters

    /// Serves a waiter now if there is something after its positions, or else when there is.
    func add(_ waiter: BatchWaiter) {
        let limit = ReadLimit(messages: configuration.batchMessages, bytes: configuration.sliceBytes)
        if waiter.positions != positions {
            // Not bounded by `positions`: a waiter is served once, so it may run ahead of this loop's streams.
            if let batch = set.read(after: waiter.positions, upTo: nil, limit: limit), !batch.items.isEmpty {
                waiter.serve(SharedBatch(batch))
                releaseIfUnused()
                return
            }
            // Ahead of this loop, which must not serve it what it has: it is looked at again after the next round.
            deferredWaiters.append(waiter)
            if round == nil { shard.afterLookingAtSockets { [self] in logChanged() } }
            return
        }
        waiter.index = waiters.count
        waiters.append(waiter)
        set.countSubscribers(1)
    }

    func remove(_ waiter: BatchWaiter) {
        guard let index = waiter.index else { return }
        waiter.index = nil
        if let last = waiters.popLast(), last !== waiter {
            waiters[index] = last
            last.index = index
        }
        set.countSubscribers(-1)
        releaseIfUnused()
    }

    /// Ends every stream and answers every waiter, since the server stops.
    func stop() {
        for subscriber in subscribers { subscriber.outbox.end(.stopping) }
        let waiting = waiters
        for waiter in waiting {
            remove(waiter)
            waiter.serve(SharedBatch(Batch(items: [], end: waiter.positions, isComplete: true)))
        }
    }
}
