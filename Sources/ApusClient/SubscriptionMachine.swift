package import ApusCore
package import NIOCore

/// When a subscription connects, reads, waits, and gives up.
///
/// The driver asks `next` what to do, does it, and says how it went.
package struct SubscriptionMachine: Sendable {
    /// How far the subscription is.
    private enum State: Hashable {
        /// Nothing has been done. → `connecting`, `ended`
        case idle
        /// An attempt is under way. → `streaming`, `waiting`, `ended`
        case connecting
        /// A connection is being read, since then. → `waiting`, `ended`
        case streaming(since: NIODeadline)
        /// The next attempt is due then. → `connecting`, `ended`
        case waiting(until: NIODeadline)
        /// Cancelled, or given up. No exits.
        case ended
    }

    /// What the driver does next.
    package enum Action: Hashable, Sendable {
        /// Connect and ask for what comes after this; then say `opened` or `failed`.
        case connect(Since)
        /// Read; then say `received` or `failed`.
        case read
        /// Wait so long, and ask again.
        case wait(Duration)
        /// Nothing any more.
        case end
    }

    /// What becomes of a failure.
    package enum Verdict: Hashable, Sendable {
        /// The subscription waits so long and connects again.
        case retry(after: Duration)
        /// Asking again can't mend it: the subscription has ended, and its consumer gets the error.
        case giveUp
    }

    private let backOff: BackOff
    private let initialAttempts: Int?
    private var state = State.idle
    private var since: Since
    /// Failures in a row without a message in between.
    private var failures = 0
    private var hasBeenOpen = false
    /// What the stream has asked for (SSE's `retry`), for all later reconnects (HTML §9.2.6).
    private var streamHint: Duration?

    package init(since: Since, backOff: BackOff = BackOff(), initialAttempts: Int? = nil) {
        self.since = since
        self.backOff = backOff
        self.initialAttempts = initialAttempts
    }

    /// Where to resume.
    package var resumesFrom: Since { since }

    /// What to do now.
    package mutating func next(now: NIODeadline) -> Action {
        switch state {
        case .idle:
            state = .connecting
            return .connect(since)
        case .connecting: return .connect(since)
        case .streaming: return .read
        case .waiting(let until):
            guard now < until else {
                state = .connecting
                return .connect(since)
            }
            return .wait(Duration(until - now))
        case .ended: return .end
        }
    }

    /// The server has accepted.
    package mutating func opened(now: NIODeadline) {
        switch state {
        case .connecting:
            hasBeenOpen = true
            state = .streaming(since: now)
        case .idle, .streaming, .waiting, .ended: break
        }
    }

    /// Something has arrived.
    ///
    /// - Parameters:
    ///   - cursor: Where to resume from now on; nil where that has not changed.
    ///   - isNews: Whether it was a message or a gap, so that the connection is of use.
    ///   - hint: How long the server wants clients to wait before they come back.
    package mutating func received(cursor: Cursor?, isNews: Bool, hint: Duration? = nil) {
        if let cursor { since = .cursor(cursor) }
        if isNews { failures = 0 }
        if let hint { streamHint = hint }
    }

    /// An attempt or a connection came to its end.
    package mutating func failed(
        _ error: ClientError,
        now: NIODeadline,
        using generator: inout some RandomNumberGenerator
    ) -> Verdict {
        switch state {
        case .streaming(let opened):
            // A connection that lasted was of use, even if nothing was said on it.
            if now - opened > TimeAmount(backOff.maximum) { failures = 0 }
        case .idle, .connecting: break
        case .waiting, .ended: return .giveUp
        }
        let attempts = failures + 1
        guard Self.canBeMended(error), hasBeenOpen || initialAttempts.map({ attempts < $0 }) ?? true else {
            state = .ended
            return .giveUp
        }
        let delay = backOff.delay(
            afterFailures: failures,
            hint: error.problem?.retryAfter ?? streamHint,
            using: &generator
        )
        failures = attempts
        state = .waiting(until: now + TimeAmount(delay))
        return .retry(after: delay)
    }

    /// The consumer wants no more.
    package mutating func cancel() {
        state = .ended
    }

    /// Whether the same question may get another answer later.
    private static func canBeMended(_ error: ClientError) -> Bool {
        switch error.code {
        case .refused: error.problem?.isTemporary ?? false
        case .connectionFailed, .timedOut, .protocolViolation: true
        // What the server sends would be as large the next time; and misuse stays misuse.
        default: false
        }
    }
}
