import ApusClient
import ApusCore
import ApusTestSupport
import NIOCore
import Testing

@Suite("Subscription machine")
struct SubscriptionMachineTests {
    private static let lost = ClientError(.connectionFailed, "lost")
    private var generator = SeededGenerator(seed: 7)

    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    private func cursor(_ text: String) throws -> Cursor { try #require(Cursor(text)) }

    private static func refused(_ status: Int, retryAfter: Duration? = nil) -> ClientError {
        ClientError(.refused, "no", problem: Problem(status: status, title: "no", retryAfter: retryAfter))
    }

    @Test("it connects, reads, waits after a loss, and resumes from the last cursor")
    mutating func wholeWay() throws {
        var machine = SubscriptionMachine(since: .now)
        #expect(machine.next(now: at(0)) == .connect(.now))
        machine.opened(now: at(5))
        #expect(machine.next(now: at(5)) == .read)
        let cursor = try cursor("abc-3")
        machine.received(cursor: cursor, isNews: true)
        guard case .retry(let delay) = machine.failed(Self.lost, now: at(10), using: &generator) else {
            Issue.record("it gave up")
            return
        }
        // Deadlines count nanoseconds.
        #expect(machine.next(now: at(10)) == .wait(Duration(TimeAmount(delay))))
        #expect(machine.next(now: at(10) + TimeAmount(delay)) == .connect(.cursor(cursor)))
    }

    @Test("waits grow while nothing is received, and begin anew after a message")
    mutating func growsAndBeginsAnew() throws {
        // The largest of chances: the delay is the bound.
        var largest = LargestGenerator()
        var machine = SubscriptionMachine(since: .start)
        var now = at(0)
        for expected in [200, 400, 800, 1600, 3200, 6400, 12800, 20000, 20000] {
            #expect(machine.next(now: now) == .connect(.start))
            guard case .retry(let delay) = machine.failed(Self.lost, now: now, using: &largest) else {
                Issue.record("it gave up")
                return
            }
            #expect(abs(delay / .milliseconds(expected) - 1) < 0.001)
            now = now + TimeAmount(delay) + .milliseconds(1)
        }
        _ = machine.next(now: now)
        machine.opened(now: now)
        machine.received(cursor: try cursor("a-1"), isNews: true)
        #expect(machine.failed(Self.lost, now: now, using: &largest).delay ?? .zero < .milliseconds(201))
    }

    @Test("a connection that says only where it stands does not end the growth, unless it lasts")
    mutating func useless() throws {
        var largest = LargestGenerator()
        var machine = SubscriptionMachine(since: .now)
        for _ in 0..<3 {
            _ = machine.next(now: at(1_000_000))
            machine.opened(now: at(0))
            machine.received(cursor: try cursor("a-1"), isNews: false)
            _ = machine.failed(Self.lost, now: at(1), using: &largest)
        }
        _ = machine.next(now: at(1_000_000))
        machine.opened(now: at(1_000_000))
        #expect(machine.failed(Self.lost, now: at(1_000_001), using: &largest).delay ?? .zero > .seconds(1))
        _ = machine.next(now: at(2_000_000))
        machine.opened(now: at(2_000_000))
        #expect(machine.failed(Self.lost, now: at(2_030_000), using: &largest).delay ?? .zero < .milliseconds(201))
    }

    @Test("Retry-After counts for one wait, a stream's retry for all that follow")
    mutating func hints() throws {
        var machine = SubscriptionMachine(since: .now)
        _ = machine.next(now: at(0))
        let first = machine.failed(Self.refused(503, retryAfter: .seconds(5)), now: at(0), using: &generator)
        #expect(first.delay ?? .zero >= .seconds(5))
        _ = machine.next(now: at(100_000))
        machine.opened(now: at(100_000))
        machine.received(cursor: nil, isNews: true, hint: .seconds(2))
        for _ in 0..<2 {
            let delay = machine.failed(Self.lost, now: at(100_000), using: &generator).delay ?? .zero
            #expect(delay >= .seconds(2) && delay < .seconds(3))
            _ = machine.next(now: at(200_000))
        }
    }

    @Test("it gives up on what asking again can't mend", arguments: [301, 400, 403, 404, 426])
    mutating func givesUp(status: Int) {
        var machine = SubscriptionMachine(since: .now)
        _ = machine.next(now: at(0))
        #expect(machine.failed(Self.refused(status), now: at(0), using: &generator) == .giveUp)
        #expect(machine.next(now: at(100_000)) == .end)
    }

    @Test("it tries again after what may pass", arguments: [408, 429, 500, 502, 503])
    mutating func triesAgain(status: Int) {
        var machine = SubscriptionMachine(since: .now)
        _ = machine.next(now: at(0))
        #expect(machine.failed(Self.refused(status), now: at(0), using: &generator) != .giveUp)
    }

    @Test("a limit ends it, since the same message would come again")
    mutating func limit() {
        var machine = SubscriptionMachine(since: .now)
        _ = machine.next(now: at(0))
        machine.opened(now: at(0))
        let error = ClientError(.limitExceeded, "too large")
        #expect(machine.failed(error, now: at(0), using: &generator) == .giveUp)
    }

    @Test("initial attempts count until the first connection only")
    mutating func initialAttempts() {
        var machine = SubscriptionMachine(since: .now, initialAttempts: 2)
        _ = machine.next(now: at(0))
        #expect(machine.failed(Self.lost, now: at(0), using: &generator) != .giveUp)
        var other = machine
        _ = other.next(now: at(50_000))
        #expect(other.failed(Self.lost, now: at(50_000), using: &generator) == .giveUp)
        _ = machine.next(now: at(50_000))
        machine.opened(now: at(50_000))
        for time in stride(from: Int64(60_000), to: 1_000_000, by: 100_000) {
            #expect(machine.failed(Self.lost, now: at(time), using: &generator) != .giveUp)
            _ = machine.next(now: at(time + 50_000))
        }
    }

    @Test("after cancellation there is nothing to do")
    mutating func cancelled() {
        var machine = SubscriptionMachine(since: .now)
        _ = machine.next(now: at(0))
        machine.cancel()
        #expect(machine.next(now: at(0)) == .end)
        machine.opened(now: at(0))
        #expect(machine.next(now: at(0)) == .end)
        #expect(machine.failed(Self.lost, now: at(0), using: &generator) == .giveUp)
    }
}

extension SubscriptionMachine.Verdict {
    fileprivate var delay: Duration? {
        if case .retry(let delay) = self { return delay }
        return nil
    }
}

/// Always the largest number.
private struct LargestGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max }
}
