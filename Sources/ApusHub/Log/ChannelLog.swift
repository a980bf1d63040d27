package import ApusCore
import DequeModule
import NIOCore
import Synchronization

/// One channel: an append-only log with bounded retention, and the event loops that want to hear of it.
///
/// The lock is held for moving references only, never while anything is framed or sent. All times are milliseconds since
/// 1970, given by the caller.
package final class ChannelLog: Sendable {
    package let name: ChannelName
    private let retention: Retention
    private let budget: RetentionBudget
    private let state: Mutex<State>

    /// What the lock guards.
    private struct State {
        var epoch: Epoch
        /// The newest offset; the entries are contiguous and end here.
        var top: UInt64 = 0
        var entries = Deque<Publication>()
        var bytes = 0
        /// The offsets of retained messages that carry an id.
        var offsets: [String: UInt64] = [:]
        var watches: [Watch] = []
        var subscribers = 0
        var lastUse: Int64
        /// Set once the table has let go of it; whoever still holds it looks the channel up again.
        var isForgotten = false

        /// The position before the oldest entry.
        var base: Position { Position(epoch: epoch, offset: top - UInt64(entries.count)) }
        var head: Position { Position(epoch: epoch, offset: top) }
    }

    /// A loop's interest: it is woken once, however much happens before it looks.
    private struct Watch {
        let watcher: any LogWatcher
        var isWoken: Bool
    }

    package init(name: ChannelName, retention: Retention, budget: RetentionBudget, time: Int64) {
        self.name = name
        self.retention = retention
        self.budget = budget
        state = Mutex(State(epoch: .random(), lastUse: time))
    }

    // MARK: Writing

    /// Appends a message, or finds the one that had its id before.
    ///
    /// Returns nil if the channel was forgotten meanwhile: look it up again.
    package func append(_ message: Message, time: Int64) throws(ApusError) -> Published? {
        var woken: [any LogWatcher] = []
        let result: Result<Published?, ApusError> = state.withLock { state in
            guard !state.isForgotten else { return .success(nil) }
            state.lastUse = time
            if let id = message.id, let offset = state.offsets[id] {
                return .success(
                    Published(
                        position: Position(epoch: state.epoch, offset: offset),
                        subscribers: state.subscribers,
                        isDuplicate: true
                    )
                )
            }
            let publication = Publication(message: message, offset: state.top + 1, time: time)
            do throws(ApusError) {
                try reserve(publication.retainedBytes, in: &state)
            } catch {
                return .failure(error)
            }
            state.top += 1
            state.entries.append(publication)
            state.bytes += publication.retainedBytes
            if let id = message.id { state.offsets[id] = publication.offset }
            trim(&state, time: time)
            woken = wake(&state)
            return .success(Published(position: state.head, subscribers: state.subscribers, isDuplicate: false))
        }
        for watcher in woken { watcher.logChanged(self) }
        return try result.get()
    }

    /// Forgets all messages and begins anew; subscribers are told of a gap.
    package func drop(time: Int64) {
        let woken = state.withLock { state in
            removeFirst(state.entries.count, from: &state)
            let old = state.epoch
            while state.epoch == old { state.epoch = .random() }
            state.top = 0
            state.lastUse = time
            return wake(&state)
        }
        for watcher in woken { watcher.logChanged(self) }
    }

    // MARK: Reading

    /// Reads what comes after a position, up to a bound if one is given.
    ///
    /// Returns nil if the bound is not comparable with where the log or the reader stands now: whoever set the bound has
    /// yet to hear of a change, and will.
    package func read(after position: Position, upTo bound: Position?, limit: ReadLimit) -> LogRead? {
        state.withLock { state in
            var from = position
            var gap: Gap?
            if position.epoch != state.epoch || position.offset > state.top {
                gap = Gap(reason: .epoch)
                from = state.base
            } else if position.offset < state.base.offset {
                gap = Gap(reason: .expired, missed: state.base.offset - position.offset)
                from = state.base
            }
            let end = bound ?? state.head
            guard end.epoch == state.epoch, end.offset >= from.offset else {
                // The bound stands in history that retention has passed: its owner reads on from the gap itself.
                return nil
            }
            let first = Int(from.offset - state.base.offset)
            let most = min(Int(end.offset - from.offset), limit.messages)
            var publications: [Publication] = []
            publications.reserveCapacity(most)
            var bytes = 0
            for publication in state.entries[first..<(first + most)] {
                publications.append(publication)
                bytes += publication.message.data.readableBytes
                if bytes >= limit.bytes { break }
            }
            let reached = Position(epoch: state.epoch, offset: from.offset + UInt64(publications.count))
            return LogRead(gap: gap, publications: publications, end: reached, isComplete: reached == end)
        }
    }

    /// Reads backwards: the messages at and before an offset, newest first.
    package func readBackwards(before position: Position?, limit: ReadLimit) -> LogRead {
        state.withLock { state in
            var from = position ?? state.head
            var gap: Gap?
            if from.epoch != state.epoch || from.offset > state.top {
                gap = Gap(reason: .epoch)
                from = state.head
            } else if from.offset < state.base.offset {
                gap = Gap(reason: .expired)
                from = state.base
            }
            let count = min(Int(from.offset - state.base.offset), limit.messages)
            let last = Int(from.offset - state.base.offset)
            var publications: [Publication] = []
            var bytes = 0
            for publication in state.entries[(last - count)..<last].reversed() {
                publications.append(publication)
                bytes += publication.message.data.readableBytes
                if bytes >= limit.bytes { break }
            }
            let end = Position(epoch: state.epoch, offset: from.offset - UInt64(publications.count))
            return LogRead(gap: gap, publications: publications, end: end, isComplete: end == state.base)
        }
    }

    /// Where the log ends now.
    package var head: Position { state.withLock { $0.head } }

    /// Before the oldest retained message.
    package var base: Position { state.withLock { $0.base } }

    /// The log's figures at this moment.
    package var status: ChannelStatus {
        state.withLock {
            ChannelStatus(
                position: $0.head,
                messages: $0.entries.count,
                bytes: $0.bytes,
                subscribers: $0.subscribers
            )
        }
    }

    // MARK: Interest

    /// Asks to be woken; returns false if the channel was forgotten meanwhile: look it up again.
    package func watch(_ watcher: any LogWatcher) -> Bool {
        state.withLock { state in
            guard !state.isForgotten else { return false }
            state.watches.append(Watch(watcher: watcher, isWoken: false))
            return true
        }
    }

    /// Takes an interest back.
    package func unwatch(_ watcher: any LogWatcher, time: Int64) {
        state.withLock { state in
            state.watches.removeAll { $0.watcher === watcher }
            state.lastUse = max(state.lastUse, time)
        }
    }

    /// Says that a watcher looks now, so that it is woken for what comes after.
    package func acknowledge(_ watcher: any LogWatcher) {
        state.withLock { state in
            for index in state.watches.indices where state.watches[index].watcher === watcher {
                state.watches[index].isWoken = false
            }
        }
    }

    /// Counts subscribers in and out.
    package func countSubscribers(_ change: Int) {
        state.withLock { $0.subscribers += change }
    }

    /// Notes that somebody reads without staying, as pollers do.
    package func touch(time: Int64) {
        state.withLock { $0.lastUse = time }
    }

    // MARK: Keeping house

    /// Drops what is too old; true if nothing is left that would keep the channel alive.
    package func sweep(time: Int64, lifetime: Duration) -> Bool {
        state.withLock { state in
            trim(&state, time: time)
            guard state.entries.isEmpty, state.watches.isEmpty, state.lastUse + lifetime.inMilliseconds <= time else {
                return false
            }
            state.isForgotten = true
            return true
        }
    }

    private func trim(_ state: inout State, time: Int64) {
        var count = max(0, state.entries.count - retention.messages)
        var bytes = state.bytes - state.entries.prefix(count).reduce(0) { $0 + $1.retainedBytes }
        let oldest = time - retention.age.inMilliseconds
        while count < state.entries.count, bytes > retention.bytes || state.entries[count].time < oldest {
            bytes -= state.entries[count].retainedBytes
            count += 1
        }
        removeFirst(count, from: &state)
    }

    private func removeFirst(_ count: Int, from state: inout State) {
        guard count > 0 else { return }
        var bytes = 0
        for publication in state.entries.prefix(count) {
            bytes += publication.retainedBytes
            if let id = publication.message.id { state.offsets[id] = nil }
        }
        state.entries.removeFirst(count)
        state.bytes -= bytes
        budget.release(bytes)
        if state.entries.isEmpty {
            state.entries = []
            state.offsets = [:]
        }
    }

    private func reserve(_ bytes: Int, in state: inout State) throws(ApusError) {
        if budget.reserve(bytes) { return }
        removeFirst((state.entries.count + 1) / 2, from: &state)
        if budget.reserve(bytes) { return }
        throw ApusError(
            .storageFull,
            "The server keeps \(budget.limit) bytes of messages, and that is reached; try again when some have expired."
        )
    }

    private func wake(_ state: inout State) -> [any LogWatcher] {
        var woken: [any LogWatcher] = []
        for index in state.watches.indices where !state.watches[index].isWoken {
            state.watches[index].isWoken = true
            woken.append(state.watches[index].watcher)
        }
        return woken
    }
}

/// An event loop's ear at a log. Called from any thread, outside the log's lock.
package protocol LogWatcher: AnyObject, Sendable {
    func logChanged(_ log: ChannelLog)
}
