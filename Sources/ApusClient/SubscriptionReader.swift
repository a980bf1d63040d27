import ApusCore
import NIOCore

/// Drives one iteration of a subscription: nothing happens but what its consumer asks for.
actor SubscriptionReader {
    private let request: TransportRequest
    private let kind: ChannelTransport
    private var machine: SubscriptionMachine
    private var transport: (any Transport)?
    private var generator = SystemRandomNumberGenerator()
    private var hasReportedEnd = false

    init(request: TransportRequest, transport: ChannelTransport) {
        self.request = request
        kind = transport
        machine = SubscriptionMachine(
            since: request.since,
            backOff: request.options.backOff,
            initialAttempts: request.options.initialAttempts
        )
    }

    /// The next events, at least one; nil when the consumer's task is cancelled, or after an error.
    func next() async throws(ClientError) -> [SubscriptionEvent]? {
        while true {
            if Task.isCancelled { stop() }
            switch machine.next(now: .now()) {
            case .connect(let since): try await connect(since)
            case .read:
                if let events = try await read() { return events }
            case .wait(let duration):
                // Cancelled: the next turn of the loop sees it.
                try? await Task.sleep(for: duration)
            case .end:
                report(.ended(nil))
                return nil
            }
        }
    }

    private func connect(_ since: Since) async throws(ClientError) {
        report(.connecting)
        do throws(ClientError) {
            var request = request
            request.since = since
            transport = try await kind.open(request)
            machine.opened(now: .now())
            report(.streaming)
        } catch {
            try failed(error)
        }
    }

    /// What the transport has; nil where that is nothing for the consumer.
    private func read() async throws(ClientError) -> [SubscriptionEvent]? {
        do throws(ClientError) {
            guard let transport, let news = try await transport.next() else {
                throw ClientError(.connectionFailed, "The server ended the stream.")
            }
            machine.received(cursor: news.cursor, isNews: !news.events.isEmpty, hint: news.retry)
            return news.events.isEmpty ? nil : news.events
        } catch {
            try failed(error)
            return nil
        }
    }

    private func failed(_ error: ClientError) throws(ClientError) {
        transport?.close()
        transport = nil
        // What a cancelled task did not finish is no failure.
        guard !Task.isCancelled else { return }
        switch machine.failed(error, now: .now(), using: &generator) {
        case .retry(let delay): report(.waiting(delay, because: error))
        case .giveUp:
            report(.ended(error))
            throw error
        }
    }

    private func stop() {
        machine.cancel()
        transport?.close()
        transport = nil
    }

    private func report(_ state: ConnectionState) {
        if case .ended = state {
            guard !hasReportedEnd else { return }
            hasReportedEnd = true
        }
        request.options.onStateChange?(state)
    }
}
