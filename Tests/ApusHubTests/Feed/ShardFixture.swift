import ApusCore
import ApusWire
import NIOCore
import NIOEmbedded

@testable import ApusHub

/// One shard on a loop that runs when the test says so, with a clock that the test sets.
final class ShardFixture {
    let eventLoop = EmbeddedEventLoop()
    let table: ChannelTable
    let shard: Shard
    let channel: ChannelName

    init(_ configuration: HubConfiguration = HubConfiguration()) throws {
        channel = try ChannelName("c")
        table = ChannelTable(configuration: configuration)
        shard = Shard(eventLoop: eventLoop, configuration: configuration, table: table, time: { 0 })
        shard.start {}
    }

    deinit {
        shard.stop()
        try? eventLoop.syncShutdownGracefully()
    }

    @discardableResult
    func publish(_ text: String, to name: String = "c", time: Int64 = 0) throws -> Position {
        let message = try Message(data: ByteBuffer(string: text), contentType: .text)
        guard let published = try table.log(ChannelName(name), time: 0).append(message, time: time) else {
            throw ApusError(.notFound, "the channel was forgotten")
        }
        return published.position
    }

    func subscribe(
        _ outbox: RecordingOutbox,
        to names: [String] = ["c"],
        since: Since = .now,
        carriesGaps: Bool = true
    ) throws -> StreamSubscriber {
        let place = try shard.place(for: names.map { try ChannelName($0) }, since: since)
        let encoding = WireEncoding(LineFraming(), coding: .identity, carriesGaps: carriesGaps)
        let subscriber = shard.subscribe(at: place, encoding: encoding, outbox: outbox)
        subscriber.start()
        return subscriber
    }

    /// Lets the loop do what it was handed, and what it put off until it has looked at its sockets.
    func run() {
        for _ in 0..<4 { eventLoop.advanceTime(by: .microseconds(5)) }
    }

    /// Lets the loop do what it was handed, and nothing that was put off.
    func runOneTurn() {
        eventLoop.run()
    }
}
