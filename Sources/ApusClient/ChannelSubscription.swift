import ApusCore

/// Channels as an asynchronous sequence of their messages, which reconnects and resumes by itself.
///
/// Every iteration is a subscription of its own, on a connection of its own. Nothing is read that the consumer does not
/// ask for, but for ``ClientLimits/bufferedBytes``: a slow consumer slows its connection down, and when the server gives
/// that up, the subscription comes back and goes on where it stood, as long as the channels retain the messages.
///
/// No message is lost or comes twice without a ``SubscriptionEvent/gap(_:)`` that says so. The iteration ends when its task
/// is cancelled, and throws ``ClientError`` where trying again can't help.
public struct ChannelSubscription: AsyncSequence, Sendable {
    /// What it yields.
    public typealias Element = SubscriptionEvent
    /// What an iteration throws.
    public typealias Failure = ClientError

    let request: TransportRequest
    let transport: ChannelTransport

    /// Begins an iteration; it connects when it is asked for its first element.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: SubscriptionReader(request: request, transport: transport))
    }

    /// One iteration. The connection is closed when it is dropped.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let reader: SubscriptionReader
        /// What has been read together, so that not every message has to ask the reader.
        private var events: ArraySlice<SubscriptionEvent> = []

        init(reader: SubscriptionReader) {
            self.reader = reader
        }

        /// The next event; nil when the task is cancelled.
        ///
        /// - Throws: `ClientError`: `refused`, `limitExceeded`, or any other while the first connection is being made and
        ///   ``SubscriptionOptions/initialAttempts`` are used up.
        public mutating func next() async throws(ClientError) -> SubscriptionEvent? {
            try await next(isolation: nil)
        }

        /// The next event; nil when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ClientError)
            -> SubscriptionEvent?
        {
            if events.isEmpty {
                guard let next = try await reader.next() else { return nil }
                events = next[...]
            }
            return Task.isCancelled ? nil : events.popFirst()
        }
    }
}
