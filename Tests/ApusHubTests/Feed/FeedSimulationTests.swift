import ApusCore
import ApusTestSupport
import ApusWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ApusHub

/// Subscribers that come, go, stall, and resume at random, while messages are published, dropped and forgotten: each of them gets
/// every message once and in order, or is told of a gap in its place.
@Suite struct FeedSimulationTests {
    private struct Reader {
        let outbox: RecordingOutbox
        let subscriber: StreamSubscriber
    }

    /// Checks one reader's lines: offsets follow each other within an epoch, unless a gap says how many are missing.
    private func check(_ lines: [String]) throws {
        let start = try #require(lines.first.flatMap { Position($0.dropFirst("from ".count)) })
        var position = start
        for line in lines.dropFirst() where line != "beat" {
            let words = line.split(separator: " ")
            let next = try #require(Position(words[0]))
            if words[1] == "gap" {
                if words[2] == "expired" {
                    let missed = try #require(UInt64(words[3]))
                    #expect(next == Position(epoch: position.epoch, offset: position.offset + missed))
                } else {
                    #expect(next.epoch != position.epoch || next.offset < position.offset)
                }
            } else {
                #expect(
                    next == Position(epoch: position.epoch, offset: position.offset + 1),
                    "after \(position): \(line)"
                )
                #expect(words[1] == "\(next)")
            }
            position = next
        }
    }

    @Test(arguments: 1...40)
    func everySubscriberReadsAnUnbrokenLog(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var configuration = HubConfiguration()
        configuration.retention = Retention(messages: Int.random(in: 3...40, using: &random))
        configuration.fanOutTurn = Int.random(in: 1...4, using: &random)
        configuration.batchMessages = Int.random(in: 1...20, using: &random)
        configuration.sliceBytes = Int.random(in: 1...200, using: &random)
        let fixture = try ShardFixture(configuration)
        let log = try fixture.table.log(fixture.channel, time: 0)
        var readers: [Reader] = []
        var gone: [[String]] = []
        for _ in 0..<600 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<40:
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let next = Position(epoch: log.head.epoch, offset: log.head.offset + 1)
                    try fixture.publish("\(next)")
                }
            case 40..<42: log.drop(time: 0)
            case 42..<55:
                let outbox = RecordingOutbox()
                if Bool.random(using: &random) { outbox.roomFor = Int.random(in: 1...4, using: &random) }
                // Resumes where one that is gone stopped, which may be ahead of what the loop has heard of.
                var since: Since = [.start, .now, .cursor(Cursor(log.head))].randomElement(using: &random) ?? .now
                if let last = gone.randomElement(using: &random)?.last?.split(separator: " ").first, last != "beat",
                    let cursor = Cursor(last)
                {
                    since = .cursor(cursor)
                }
                let subscriber = try fixture.subscribe(outbox, since: since)
                readers.append(Reader(outbox: outbox, subscriber: subscriber))
            case 55..<63:
                guard !readers.isEmpty else { continue }
                let reader = readers.remove(at: Int.random(in: 0..<readers.count, using: &random))
                reader.subscriber.cancel()
                gone.append(reader.outbox.lines)
            case 63..<75:
                guard let reader = readers.randomElement(using: &random), !reader.outbox.isFull else { continue }
                reader.outbox.roomFor = Int.random(in: 1...3, using: &random)
            case 75..<85:
                guard let reader = readers.randomElement(using: &random), reader.outbox.isFull else { continue }
                reader.outbox.drain()
                reader.subscriber.writable()
            case 85..<90:
                guard let reader = readers.randomElement(using: &random), !reader.outbox.isFull else { continue }
                reader.subscriber.sendHeartbeat()
            default: fixture.runOneTurn()
            }
            if Bool.random(using: &random) { fixture.eventLoop.advanceTime(by: .microseconds(5)) }
        }
        for reader in readers where reader.outbox.isFull {
            reader.outbox.drain()
            reader.subscriber.writable()
        }
        for reader in readers { reader.outbox.drain() }
        for _ in 0..<2_000 { fixture.eventLoop.advanceTime(by: .microseconds(5)) }
        for reader in readers {
            try check(reader.outbox.lines)
            let last = reader.outbox.lines.last { $0 != "beat" }
            let position = last.flatMap { Position($0.hasPrefix("from ") ? $0.dropFirst(5) : $0.prefix { $0 != " " }) }
            #expect(position == log.head)
            #expect(!reader.subscriber.isLagging)
        }
        for lines in gone { try check(lines) }
        #expect(log.status.subscribers == readers.count)
        #expect(log.status.messages <= configuration.retention.messages)
    }
}
