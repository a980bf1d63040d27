import ApusCore
import ApusWire
import NIOCore
import Testing

@testable import ApusHub

@Suite struct FeedTests {
    @Test func whatWaitsGoesOutAsOneSliceThatAllShare() throws {
        let fixture = try ShardFixture()
        let outboxes = (0..<3).map { _ in RecordingOutbox() }
        let subscribers = try outboxes.map { try fixture.subscribe($0) }
        for number in 1...5 { try fixture.publish("\(number)") }
        fixture.run()
        for outbox in outboxes {
            #expect(outbox.slices.count == 2)
            #expect(outbox.texts == ["1", "2", "3", "4", "5"])
        }
        let storages = outboxes.map { $0.slices[1].withVeryUnsafeBytes { $0.baseAddress } }
        #expect(Set(storages).count == 1)
        withExtendedLifetime(subscribers) {}
    }

    @Test func aSubscriberIsToldWhereItStartsBeforeAnythingElse() throws {
        let fixture = try ShardFixture()
        let first = try fixture.publish("1")
        try fixture.publish("2")
        let outbox = RecordingOutbox()
        _ = try fixture.subscribe(outbox, since: .cursor(Cursor(first)))
        #expect(outbox.lines.first == "from \(first)")
        #expect(outbox.texts == ["2"])
        let all = RecordingOutbox()
        _ = try fixture.subscribe(all, since: .start)
        #expect(all.texts == ["1", "2"])
    }

    @Test func aFullSubscriberLagsAndReadsOnFromTheLog() throws {
        let fixture = try ShardFixture()
        let slow = RecordingOutbox()
        let healthy = RecordingOutbox()
        let subscriber = try fixture.subscribe(slow)
        _ = try fixture.subscribe(healthy)
        slow.roomFor = 1
        for number in 1...10 {
            try fixture.publish("\(number)")
            fixture.run()
        }
        #expect(slow.texts == ["1"])
        #expect(subscriber.isLagging)
        #expect(healthy.texts == (1...10).map { "\($0)" })
        slow.drain()
        subscriber.writable()
        #expect(slow.texts == (1...10).map { "\($0)" })
        #expect(!subscriber.isLagging)
        try fixture.publish("11")
        fixture.run()
        #expect(slow.texts.last == "11")
    }

    @Test func aSubscriberThatRetentionHasPassedIsToldOfTheGap() throws {
        var configuration = HubConfiguration()
        configuration.retention = Retention(messages: 3)
        let fixture = try ShardFixture(configuration)
        let slow = RecordingOutbox()
        let subscriber = try fixture.subscribe(slow)
        slow.roomFor = 1
        for number in 1...10 {
            try fixture.publish("\(number)")
            fixture.run()
        }
        slow.drain()
        subscriber.writable()
        #expect(slow.texts == ["1", "gap expired 6", "8", "9", "10"])
    }

    @Test func aFramingWithoutWordsForGapsEnds() throws {
        let fixture = try ShardFixture()
        let outbox = RecordingOutbox()
        let told = RecordingOutbox()
        _ = try fixture.subscribe(outbox, carriesGaps: false)
        _ = try fixture.subscribe(told)
        try fixture.publish("1")
        fixture.run()
        fixture.table.existingLog(fixture.channel)?.drop(time: 0)
        fixture.run()
        #expect(outbox.texts == ["1"])
        guard case .gap(let notice) = outbox.end else {
            Issue.record("the stream did not end for a gap: \(String(describing: outbox.end))")
            return
        }
        #expect(notice.gap.reason == .epoch)
        #expect(told.texts == ["1", "gap epoch -"])
        #expect(fixture.table.existingLog(fixture.channel)?.status.subscribers == 1)
    }

    @Test func theLoopLooksAtItsSocketsBetweenTurns() throws {
        var configuration = HubConfiguration()
        configuration.fanOutTurn = 2
        let fixture = try ShardFixture(configuration)
        let outboxes = (0..<5).map { _ in RecordingOutbox() }
        for outbox in outboxes { _ = try fixture.subscribe(outbox) }
        try fixture.publish("1")
        fixture.runOneTurn()
        #expect(outboxes.map(\.texts.count) == [1, 1, 0, 0, 0])
        // What comes in the middle of a round goes out together in the next one.
        try fixture.publish("2")
        try fixture.publish("3")
        fixture.runOneTurn()
        #expect(outboxes.map(\.texts.count) == [1, 1, 0, 0, 0])
        for _ in 0..<10 { fixture.run() }
        for outbox in outboxes {
            #expect(outbox.texts == ["1", "2", "3"])
            #expect(outbox.slices.count == 3)
        }
    }

    @Test func whoJoinsOrLeavesInTheMiddleOfARoundGetsEverythingOnce() throws {
        var configuration = HubConfiguration()
        configuration.fanOutTurn = 1
        let fixture = try ShardFixture(configuration)
        let outboxes = (0..<3).map { _ in RecordingOutbox() }
        let subscribers = try outboxes.map { try fixture.subscribe($0) }
        let joiner = RecordingOutbox()
        var joined: StreamSubscriber?
        try fixture.publish("1")
        fixture.runOneTurn()
        joined = try fixture.subscribe(joiner, since: .start)
        subscribers[1].cancel()
        for _ in 0..<10 { fixture.run() }
        try fixture.publish("2")
        for _ in 0..<10 { fixture.run() }
        #expect(outboxes[0].texts == ["1", "2"])
        #expect(outboxes[1].texts == [])
        #expect(outboxes[2].texts == ["1", "2"])
        #expect(joiner.texts == ["1", "2"])
        withExtendedLifetime(joined) {}
    }

    @Test func severalChannelsAreReadByTimeWithOneCursor() throws {
        let fixture = try ShardFixture()
        try fixture.publish("a1", to: "a", time: 1)
        try fixture.publish("b1", to: "b", time: 2)
        try fixture.publish("a2", to: "a", time: 3)
        let outbox = RecordingOutbox()
        _ = try fixture.subscribe(outbox, to: ["a", "b"], since: .start)
        try fixture.publish("b2", to: "b", time: 4)
        fixture.run()
        #expect(outbox.texts == ["a a1", "b b1", "a a2", "b b2"])
        // Its cursor resumes exactly behind each message.
        let cursors = outbox.lines.dropFirst().map { String($0.prefix { $0 != " " }) }
        for (index, cursor) in cursors.enumerated() {
            let again = RecordingOutbox()
            _ = try fixture.subscribe(again, to: ["a", "b"], since: Since(cursor))
            #expect(again.texts == Array(outbox.texts[(index + 1)...]))
        }
    }

    @Test func aFeedThatNobodyUsesIsGivenBack() throws {
        let fixture = try ShardFixture()
        let subscriber = try fixture.subscribe(RecordingOutbox())
        #expect(fixture.table.existingLog(fixture.channel)?.status.subscribers == 1)
        subscriber.cancel()
        subscriber.cancel()
        let log = try #require(fixture.table.existingLog(fixture.channel))
        #expect(log.status.subscribers == 0)
        #expect(log.sweep(time: 10_000_000, lifetime: .seconds(1)))
    }

    @Test func heartbeatsGoOnlyToThoseWhoWaitForNothing() throws {
        let fixture = try ShardFixture()
        let outbox = RecordingOutbox()
        let subscriber = try fixture.subscribe(outbox)
        subscriber.sendHeartbeat()
        #expect(outbox.lines.last == "beat")
        outbox.roomFor = 1
        try fixture.publish("1")
        fixture.run()
        let count = outbox.slices.count
        subscriber.sendHeartbeat()
        #expect(outbox.slices.count == count)
    }

    @Test func stoppingEndsStreamsAndAnswersWaiters() throws {
        let fixture = try ShardFixture()
        let outbox = RecordingOutbox()
        let subscriber = try fixture.subscribe(outbox)
        var served: Batch?
        try fixture.shard.wait(on: [fixture.channel], since: .now) { served = $0.batch }
        fixture.shard.stop()
        #expect(outbox.end == .stopping)
        #expect(served?.items.isEmpty == true)
        #expect(throws: ApusError.self) { try fixture.subscribe(RecordingOutbox(), to: ["other"]) }
        subscriber.cancel()
    }
}
