import ApusCore
import ApusWire
import NIOCore
import NIOEmbedded

@testable import ApusHub

/// A hub on one loop that runs when the test says so, and sessions on lines that record.
final class SessionFixture {
    let eventLoop = EmbeddedEventLoop()
    let shard: Shard
    let hub: Hub
    let context: SessionContext

    init(
        _ configuration: HubConfiguration = HubConfiguration(),
        sessions: SessionConfiguration = SessionConfiguration()
    ) {
        let table = ChannelTable(configuration: configuration)
        shard = Shard(eventLoop: eventLoop, configuration: configuration, table: table, time: { 1_000 })
        shard.start {}
        hub = Hub(
            configuration: configuration,
            table: table,
            time: { 1_000 },
            shards: [ObjectIdentifier(eventLoop): NIOLoopBound(shard, eventLoop: eventLoop)],
            eventLoops: [eventLoop]
        )
        context = SessionContext(hub: hub, configuration: sessions, hooks: SessionHooks())
    }

    deinit {
        shard.stop()
        try? eventLoop.syncShutdownGracefully()
    }

    /// A session that has yet to connect.
    func open(isUnidirectional: Bool = false) -> SessionDriver {
        let session = Session(
            context: context,
            shard: shard,
            carrier: SessionCarrier(.lines, isUnidirectional: isUnidirectional),
            coding: .identity
        )
        let line = RecordingLine()
        session.attach(line)
        return SessionDriver(session: session, line: line, fixture: self)
    }

    /// A session that is connected; what it was told so far is forgotten.
    func connect() -> SessionDriver {
        let driver = open()
        driver.send(#"{"id":1,"connect":{}}"#)
        _ = driver.line.takeLines()
        return driver
    }

    @discardableResult
    func publish(_ text: String, to channel: String = "c") throws -> Position {
        let message = try Message(data: ByteBuffer(string: text), contentType: .text)
        return try hub.publish(message, to: ChannelName(channel)).position
    }

    func run() {
        for _ in 0..<6 { eventLoop.advanceTime(by: .microseconds(5)) }
    }
}

/// A session, as its client would hold it.
struct SessionDriver {
    let session: Session
    let line: RecordingLine
    let fixture: SessionFixture

    func send(_ commands: String) {
        session.receive(ByteBuffer(string: commands))
        fixture.run()
    }

    /// What came since the last time.
    func taken() -> [String] {
        fixture.run()
        return line.takeLines()
    }

    var client: String { session.info.client ?? "" }
}

/// A line that can be full.
final class RecordingLine: SessionLine {
    private(set) var slices: [ByteBuffer] = []
    private(set) var closed: SessionDisconnect?
    /// After how many further slices it is full; nil for never.
    var roomFor: Int?
    private(set) var isFull = false

    func send(_ bytes: ByteBuffer) -> OutboxState {
        precondition(!isFull, "something was sent on a full line")
        precondition(closed == nil, "something was sent on a closed line")
        slices.append(bytes)
        if let room = roomFor {
            roomFor = room - 1
            isFull = room <= 1
        }
        return isFull ? .full : .ready
    }

    func close(_ reason: SessionDisconnect, farewell: ByteBuffer) {
        slices.append(farewell)
        closed = reason
    }

    func drain() {
        isFull = false
        roomFor = nil
    }

    func takeLines() -> [String] {
        let text = slices.map { String(buffer: $0) }.joined()
        slices = []
        return text.split(separator: "\n").map(String.init)
    }
}
