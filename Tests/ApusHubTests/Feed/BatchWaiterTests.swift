import ApusCore
import ApusWire
import NIOCore
import Testing

@testable import ApusHub

@Suite struct BatchWaiterTests {
    private func texts(_ batch: Batch?) -> [String] {
        batch?.items.compactMap { item in
            guard case .message(let delivery) = item else { return nil }
            return String(buffer: delivery.publication.message.data)
        } ?? []
    }

    @Test func aWaiterIsServedOnceWithEverythingThatCame() throws {
        let fixture = try ShardFixture()
        var batches: [Batch] = []
        try fixture.shard.wait(on: [fixture.channel], since: .now) { batches.append($0.batch) }
        fixture.run()
        #expect(batches.isEmpty)
        #expect(fixture.table.existingLog(fixture.channel)?.status.subscribers == 1)
        try fixture.publish("1")
        try fixture.publish("2")
        fixture.run()
        try fixture.publish("3")
        fixture.run()
        #expect(batches.count == 1)
        #expect(texts(batches.first) == ["1", "2"])
        #expect(fixture.table.existingLog(fixture.channel)?.status.subscribers == 0)
    }

    @Test func aWaiterBehindTheLogIsServedAtOnce() throws {
        let fixture = try ShardFixture()
        let first = try fixture.publish("1")
        try fixture.publish("2")
        var batch: Batch?
        try fixture.shard.wait(on: [fixture.channel], since: .cursor(Cursor(first))) { batch = $0.batch }
        #expect(texts(batch) == ["2"])
    }

    @Test func aCancelledWaiterIsNotServed() throws {
        let fixture = try ShardFixture()
        var isServed = false
        let waiter = try fixture.shard.wait(on: [fixture.channel], since: .now) { _ in isServed = true }
        waiter.cancel()
        try fixture.publish("1")
        fixture.run()
        #expect(!isServed)
    }

    @Test func aWaiterAheadOfItsLoopIsNotServedWhatItHas() throws {
        var configuration = HubConfiguration()
        configuration.fanOutTurn = 1
        let fixture = try ShardFixture(configuration)
        for _ in 0..<3 { _ = try fixture.subscribe(RecordingOutbox()) }
        try fixture.publish("1")
        fixture.runOneTurn()
        // In the middle of a round, so that the loop does not look at the log again.
        let second = try fixture.publish("2")
        var batches: [Batch] = []
        try fixture.shard.wait(on: [fixture.channel], since: .cursor(Cursor(second))) { batches.append($0.batch) }
        for _ in 0..<10 { fixture.run() }
        #expect(batches.isEmpty)
        try fixture.publish("3")
        for _ in 0..<10 { fixture.run() }
        #expect(batches.map { texts($0) } == [["3"]])
    }

    @Test func allWaitersOfARoundShareOneBody() throws {
        let fixture = try ShardFixture()
        var made = 0
        var bodies: [ByteBuffer] = []
        for _ in 0..<3 {
            try fixture.shard.wait(on: [fixture.channel], since: .now) { shared in
                bodies.append(
                    shared.body { _ in
                        made += 1
                        return ByteBuffer(string: "body")
                    }
                )
            }
        }
        try fixture.publish("1")
        fixture.run()
        #expect(bodies.count == 3)
        #expect(made == 1)
    }
}
