public import ApusCore
import ApusWire
import DequeModule
import NIOCore

/// What comes on channels, for a Swift program: an asynchronous sequence that reads from the log as it is iterated.
///
/// It is a cursor like every other subscriber: nothing is queued for it, and a program that iterates slowly reads on from the
/// log, or is told of a gap. The sequence ends when its task is cancelled or the hub shuts down. Each iterator stands for
/// itself.
public struct ChannelMessages: AsyncSequence, Sendable {
    /// One step of reading.
    public enum Event: Sendable {
        /// A message, and the cursor behind it.
        case message(Publication, on: ChannelName, cursor: Cursor)
        /// History that can't be had any more, and the cursor from which reading goes on.
        case gap(Gap, on: ChannelName, cursor: Cursor)
    }

    let hub: Hub
    let channels: [ChannelName]
    let start: Cursor

    /// Begins to read where the sequence was made.
    public func makeAsyncIterator() -> Iterator {
        Iterator(hub: hub, channels: channels, cursor: start)
    }

    /// Reads one batch after another.
    public struct Iterator: AsyncIteratorProtocol {
        private let hub: Hub
        private let channels: [ChannelName]
        private let eventLoop: any EventLoop
        private var cursor: Cursor
        private var events = Deque<Event>()

        init(hub: Hub, channels: [ChannelName], cursor: Cursor) {
            self.hub = hub
            self.channels = channels
            self.cursor = cursor
            eventLoop = hub.anyEventLoop()
        }

        /// The next event; nil when the task is cancelled or the hub has shut down.
        ///
        /// - Throws: `ApusError` with codes `tooManyChannels`, `stopping`.
        public mutating func next() async throws -> Event? {
            if let event = events.popFirst() { return event }
            guard !Task.isCancelled else { return nil }
            let batch = try await BatchRequest(hub: hub, channels: channels, cursor: cursor, eventLoop: eventLoop)
                .batch()
            guard let batch, !batch.items.isEmpty else { return nil }
            cursor = Cursor(batch.end)
            for item in batch.items {
                switch item {
                case .message(let delivery):
                    let place = Cursor(delivery.cursor) ?? cursor
                    events.append(.message(delivery.publication, on: delivery.channel ?? channels[0], cursor: place))
                case .gap(let notice):
                    let place = Cursor(notice.cursor) ?? cursor
                    events.append(.gap(notice.gap, on: notice.channel ?? channels[0], cursor: place))
                }
            }
            return events.popFirst()
        }
    }
}

/// One wait of a task for a batch, on a loop of the hub.
private struct BatchRequest {
    let hub: Hub
    let channels: [ChannelName]
    let cursor: Cursor
    let eventLoop: any EventLoop

    /// How far the request is; belongs to the loop.
    private enum State: Sendable {
        case waiting(NIOLoopBound<BatchWaiter>, CheckedContinuation<Batch?, any Error>)
        case cancelled
    }

    /// The batch; nil if the task was cancelled first.
    func batch() async throws -> Batch? {
        let box = NIOLoopBoundBox<State?>.makeEmptyBox(valueType: State.self, eventLoop: eventLoop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                eventLoop.execute { wait(box, continuation) }
            }
        } onCancel: {
            eventLoop.execute {
                if case .waiting(let waiter, let continuation)? = box.value {
                    waiter.value.cancel()
                    continuation.resume(returning: nil)
                }
                box.value = .cancelled
            }
        }
    }

    private func wait(_ box: NIOLoopBoundBox<State?>, _ continuation: CheckedContinuation<Batch?, any Error>) {
        if case .cancelled? = box.value {
            continuation.resume(returning: nil)
            return
        }
        guard let shard = hub.shard(on: eventLoop) else {
            continuation.resume(returning: nil)
            return
        }
        do throws(ApusError) {
            let waiter = try shard.wait(on: channels, since: .cursor(cursor)) { shared in
                box.value = nil
                continuation.resume(returning: shared.batch)
            }
            if waiter.isWaiting { box.value = .waiting(NIOLoopBound(waiter, eventLoop: eventLoop), continuation) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}
