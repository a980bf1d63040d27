import ApusCore
import ApusHub
import NIOCore
import Synchronization
import Testing

@Suite struct ChannelLogTests {
    private let everything = ReadLimit(messages: .max, bytes: .max)

    private func log(_ retention: Retention = Retention(), budget: Int = .max / 2) throws -> ChannelLog {
        ChannelLog(
            name: try ChannelName("c"),
            retention: retention,
            budget: RetentionBudget(limit: budget),
            time: 0
        )
    }

    private func message(_ text: String, id: String? = nil) throws -> Message {
        try Message(data: ByteBuffer(string: text), contentType: .text, id: id)
    }

    private func texts(_ read: LogRead?) -> [String] {
        read?.publications.map { String(buffer: $0.message.data) } ?? []
    }

    @Test func offsetsCountFromOne() throws {
        let log = try log()
        let start = log.head
        #expect(start.offset == 0)
        for number in 1...3 {
            #expect(try log.append(message("\(number)"), time: 0)?.position.offset == UInt64(number))
        }
        let read = log.read(after: start, upTo: nil, limit: everything)
        #expect(texts(read) == ["1", "2", "3"])
        #expect(read?.gap == nil)
        #expect(read?.end == log.head)
        #expect(read?.isComplete == true)
    }

    @Test func readingStopsAtItsLimitsAndGoesOn() throws {
        let log = try log()
        var position = log.head
        for number in 1...5 { _ = try log.append(message("\(number)"), time: 0) }
        let two = log.read(after: position, upTo: nil, limit: ReadLimit(messages: 2, bytes: .max))
        #expect(texts(two) == ["1", "2"])
        #expect(two?.isComplete == false)
        position = try #require(two?.end)
        // One message passes, however large it is.
        let one = log.read(after: position, upTo: nil, limit: ReadLimit(messages: .max, bytes: 0))
        #expect(texts(one) == ["3"])
        position = try #require(one?.end)
        #expect(texts(log.read(after: position, upTo: nil, limit: everything)) == ["4", "5"])
    }

    @Test func readingStopsAtItsBound() throws {
        let log = try log()
        let start = log.head
        for number in 1...5 { _ = try log.append(message("\(number)"), time: 0) }
        let bound = Position(epoch: start.epoch, offset: 3)
        let read = log.read(after: start, upTo: bound, limit: everything)
        #expect(texts(read) == ["1", "2", "3"])
        #expect(read?.isComplete == true)
        // A reader that is ahead of the bound, or a bound of another epoch, can't be answered.
        #expect(log.read(after: log.head, upTo: bound, limit: everything) == nil)
        let other = Position(epoch: .random(), offset: 3)
        #expect(other.epoch == start.epoch || log.read(after: start, upTo: other, limit: everything) == nil)
    }

    @Test func retentionByMessagesGivesAGapWithItsSize() throws {
        let log = try log(Retention(messages: 3))
        let start = log.head
        for number in 1...10 { _ = try log.append(message("\(number)"), time: 0) }
        let read = log.read(after: start, upTo: nil, limit: everything)
        #expect(texts(read) == ["8", "9", "10"])
        #expect(read?.gap == Gap(reason: .expired, missed: 7))
        let fresh = log.read(after: Position(epoch: start.epoch, offset: 7), upTo: nil, limit: everything)
        #expect(fresh?.gap == nil)
        #expect(texts(fresh) == ["8", "9", "10"])
    }

    @Test func retentionByBytesCountsDataNamesAndAdministration() throws {
        let log = try log(Retention(messages: 100, bytes: 2 * (128 + 1)))
        for number in 1...5 { _ = try log.append(message("\(number)"), time: 0) }
        #expect(log.status.messages == 2)
        #expect(log.status.bytes == 2 * (128 + 1))
    }

    @Test func retentionByAgeTakesEffectWithTheNextMessageOrSweep() throws {
        let log = try log(Retention(messages: 100, age: .seconds(10)))
        _ = try log.append(message("old"), time: 0)
        _ = try log.append(message("new"), time: 10_001)
        #expect(log.status.messages == 1)
        #expect(!log.sweep(time: 20_001, lifetime: .seconds(60)))
        #expect(log.status.messages == 1)
        #expect(!log.sweep(time: 20_002, lifetime: .seconds(60)))
        #expect(log.status.messages == 0)
        #expect(log.head.offset == 2)
    }

    @Test func aLogThatNobodyUsesIsForgottenAfterItsLifetime() throws {
        let log = try log()
        log.touch(time: 1_000)
        #expect(!log.sweep(time: 60_999, lifetime: .seconds(60)))
        #expect(log.sweep(time: 61_000, lifetime: .seconds(60)))
        #expect(try log.append(message("late"), time: 61_000) == nil)
        #expect(!log.watch(Ear()))
    }

    @Test func aLogThatSomebodyWatchesIsKept() throws {
        let log = try log()
        let ear = Ear()
        #expect(log.watch(ear))
        #expect(!log.sweep(time: 1_000_000, lifetime: .seconds(60)))
        log.unwatch(ear, time: 1_000_000)
        #expect(!log.sweep(time: 1_059_999, lifetime: .seconds(60)))
        #expect(log.sweep(time: 1_060_000, lifetime: .seconds(60)))
    }

    @Test func aKnownIDIsNotPublishedAgain() throws {
        let log = try log(Retention(messages: 2))
        let first = try log.append(message("1", id: "a"), time: 0)
        let again = try log.append(message("1", id: "a"), time: 0)
        #expect(again?.isDuplicate == true)
        #expect(again?.position == first?.position)
        #expect(log.head.offset == 1)
        _ = try log.append(message("2"), time: 0)
        _ = try log.append(message("3"), time: 0)
        // Its message is gone, and with it the memory of its id.
        #expect(try log.append(message("1", id: "a"), time: 0)?.position.offset == 4)
    }

    @Test func droppingBeginsANewEpoch() throws {
        let log = try log()
        _ = try log.append(message("1", id: "a"), time: 0)
        let old = log.head
        log.drop(time: 0)
        #expect(log.head.epoch != old.epoch)
        #expect(log.status.messages == 0)
        #expect(log.status.bytes == 0)
        #expect(try log.append(message("1", id: "a"), time: 0)?.isDuplicate == false)
        let read = log.read(after: old, upTo: nil, limit: everything)
        #expect(read?.gap == Gap(reason: .epoch))
        #expect(texts(read) == ["1"])
    }

    @Test func aPositionBeyondTheEndIsOfAnotherEpoch() throws {
        let log = try log()
        _ = try log.append(message("1"), time: 0)
        let beyond = Position(epoch: log.head.epoch, offset: Position.maximumOffset)
        #expect(log.read(after: beyond, upTo: nil, limit: everything)?.gap == Gap(reason: .epoch))
    }

    @Test func readingBackwardsGivesTheNewestFirst() throws {
        let log = try log(Retention(messages: 4))
        for number in 1...6 { _ = try log.append(message("\(number)"), time: 0) }
        let newest = log.readBackwards(before: nil, limit: ReadLimit(messages: 3, bytes: .max))
        #expect(texts(newest) == ["6", "5", "4"])
        #expect(!newest.isComplete)
        let rest = log.readBackwards(before: newest.end, limit: ReadLimit(messages: 3, bytes: .max))
        #expect(texts(rest) == ["3"])
        #expect(rest.isComplete)
    }

    @Test func theBudgetTakesTheOlderHalfAndThenRefuses() throws {
        let budget = RetentionBudget(limit: 4 * 129)
        let name = try ChannelName("c")
        let log = ChannelLog(name: name, retention: Retention(), budget: budget, time: 0)
        let other = ChannelLog(name: name, retention: Retention(), budget: budget, time: 0)
        for number in 1...4 { _ = try log.append(message("\(number)"), time: 0) }
        _ = try log.append(message("5"), time: 0)
        #expect(log.status.messages == 3)
        #expect(budget.retainedBytes == 3 * 129)
        _ = try other.append(message("1"), time: 0)
        let error = #expect(throws: ApusError.self) {
            _ = try ChannelLog(name: name, retention: Retention(), budget: budget, time: 0).append(
                message("x"),
                time: 0
            )
        }
        #expect(error?.code == .storageFull)
        #expect(budget.retainedBytes == 4 * 129)
        log.drop(time: 0)
        other.drop(time: 0)
        #expect(budget.retainedBytes == 0)
    }

    @Test func aWatcherIsWokenOnceUntilItLooks() throws {
        let log = try log()
        let ear = Ear()
        #expect(log.watch(ear))
        for number in 1...5 { _ = try log.append(message("\(number)"), time: 0) }
        #expect(ear.calls.load(ordering: .relaxed) == 1)
        log.acknowledge(ear)
        _ = try log.append(message("6"), time: 0)
        #expect(ear.calls.load(ordering: .relaxed) == 2)
        log.unwatch(ear, time: 0)
        _ = try log.append(message("7"), time: 0)
        #expect(ear.calls.load(ordering: .relaxed) == 2)
    }

    @Test func concurrentPublishersLoseNothing() async throws {
        let log = try log(Retention(messages: 100_000))
        let start = log.head
        try await withThrowingTaskGroup(of: Void.self) { group in
            for publisher in 0..<4 {
                group.addTask {
                    for number in 0..<1_000 {
                        let text = "\(publisher)-\(number)"
                        _ = try log.append(
                            try Message(data: ByteBuffer(string: text), contentType: .text),
                            time: 0
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        let read = log.read(after: start, upTo: nil, limit: everything)
        #expect(read?.publications.map(\.offset) == Array(1...4_000))
        for publisher in 0..<4 {
            let own = texts(read).filter { $0.hasPrefix("\(publisher)-") }
            #expect(own == (0..<1_000).map { "\(publisher)-\($0)" })
        }
    }
}
