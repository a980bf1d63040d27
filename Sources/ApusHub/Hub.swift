public import ApusCore
import ApusWire
public import NIOCore
import Synchronization

/// Every channel of a server, and everybody who follows them.
///
/// Publishing and reading may be called from any thread. Subscribers live on event loops, one `Shard` each.
public final class Hub: Sendable {
    /// What the hub was made with.
    public let configuration: HubConfiguration
    private let table: ChannelTable
    private let time: @Sendable () -> Int64
    private let shards: [ObjectIdentifier: NIOLoopBound<Shard>]
    private let eventLoops: [any EventLoop]
    private let nextLoop = Atomic<Int>(0)

    /// Makes a hub on the loops of a group; call `shutDown()` before the group ends.
    ///
    /// - Parameters:
    ///   - configuration: Limits and retention.
    ///   - group: The event loops on which subscribers will live.
    ///   - time: Milliseconds since 1970; the system's clock unless a test gives its own.
    public static func start(
        configuration: HubConfiguration = HubConfiguration(),
        group: any EventLoopGroup,
        time: @escaping @Sendable () -> Int64 = SystemTime.now
    ) async throws -> Hub {
        let table = ChannelTable(configuration: configuration)
        var shards: [ObjectIdentifier: NIOLoopBound<Shard>] = [:]
        var eventLoops: [any EventLoop] = []
        for eventLoop in group.makeIterator() {
            let sweeps = eventLoops.isEmpty
            let shard = try await eventLoop.submit {
                let shard = Shard(eventLoop: eventLoop, configuration: configuration, table: table, time: time)
                shard.start { if sweeps { table.sweepNextStripe(time: time()) } }
                return NIOLoopBound(shard, eventLoop: eventLoop)
            }.get()
            shards[ObjectIdentifier(eventLoop)] = shard
            eventLoops.append(eventLoop)
        }
        return Hub(configuration: configuration, table: table, time: time, shards: shards, eventLoops: eventLoops)
    }

    private init(
        configuration: HubConfiguration,
        table: ChannelTable,
        time: @escaping @Sendable () -> Int64,
        shards: [ObjectIdentifier: NIOLoopBound<Shard>],
        eventLoops: [any EventLoop]
    ) {
        self.configuration = configuration
        self.table = table
        self.time = time
        self.shards = shards
        self.eventLoops = eventLoops
    }

    /// Ends every stream, answers every waiter, and takes no more of them.
    public func shutDown() async throws {
        try await onEveryShard { $0.stop() }
    }

    /// Ends every stream and answers every waiter, while the timers of their connections go on until `shutDown()`.
    package func endSubscribers() async throws {
        try await onEveryShard { $0.endSubscribers() }
    }

    private func onEveryShard(_ work: @escaping @Sendable (Shard) -> Void) async throws {
        for eventLoop in eventLoops {
            guard let shard = shards[ObjectIdentifier(eventLoop)] else { continue }
            try await eventLoop.submit { work(shard.value) }.get()
        }
    }

    // MARK: Publishing

    /// Publishes a message.
    ///
    /// - Throws: `ApusError` with codes `invalidMessage` for JSON that is none or text that is not UTF-8, `messageTooLarge`,
    ///   `tooManyChannels`, `storageFull`.
    @discardableResult
    public func publish(_ message: Message, to channel: ChannelName) throws(ApusError) -> Published {
        try MessageBody.check(message.data, is: message.contentType)
        return try publish(checked: message, to: channel)
    }

    /// Publishes a message whose data is known to be what its content type says.
    @discardableResult
    package func publish(checked message: Message, to channel: ChannelName) throws(ApusError) -> Published {
        try check(message)
        let now = time()
        while true {
            if let published = try table.log(channel, time: now).append(message.compacted(), time: now) {
                return published
            }
        }
    }

    /// Whether a message may be published, as far as that can be told beforehand.
    ///
    /// - Throws: `ApusError` with code `messageTooLarge`.
    package func check(_ message: Message) throws(ApusError) {
        let size = message.data.readableBytes
        guard size <= configuration.maximumMessageBytes else {
            throw ApusError(
                .messageTooLarge,
                "The message has \(size) bytes; at most \(configuration.maximumMessageBytes) are allowed."
            )
        }
    }

    /// Forgets a channel's messages and begins its log anew; subscribers are told of a gap.
    public func drop(_ channel: ChannelName) {
        table.existingLog(channel)?.drop(time: time())
    }

    // MARK: Reading

    /// A channel's figures; the channel is made if need be, since its position is given out.
    ///
    /// - Throws: `ApusError` with code `tooManyChannels`.
    public func status(of channel: ChannelName) throws(ApusError) -> ChannelStatus {
        try log(channel).status
    }

    /// Reads what comes on channels, from `since` on; `now` means this moment, not the first iteration.
    ///
    /// - Throws: `ApusError` with codes `invalidChannel` for no channel, too many, or one twice, `invalidCursor`,
    ///   `tooManyChannels`.
    public func messages(on channels: [ChannelName], since: Since = .now) throws(ApusError) -> ChannelMessages {
        guard (1...configuration.channelsPerSubscriber).contains(channels.count), Set(channels).count == channels.count
        else {
            throw ApusError(
                .invalidChannel,
                "A subscriber follows 1 to \(configuration.channelsPerSubscriber) different channels."
            )
        }
        let start = try logs(channels).positions(since: since)
        return ChannelMessages(hub: self, channels: channels, start: Cursor(start))
    }

    /// What the channels hold after `since`, without waiting.
    package func read(_ channels: [ChannelName], since: Since, limit: ReadLimit) throws(ApusError) -> Batch {
        let set = try logs(channels)
        let positions = try set.positions(since: since)
        return set.read(after: positions, upTo: nil, limit: limit) ?? Batch(items: [], end: positions, isComplete: true)
    }

    /// A channel's messages newest first, from a position back.
    package func readBackwards(
        _ channel: ChannelName,
        before position: Position?,
        limit: ReadLimit
    ) throws(ApusError) -> LogRead {
        try log(channel).readBackwards(before: position, limit: limit)
    }

    private func logs(_ channels: [ChannelName]) throws(ApusError) -> LogSet {
        var logs: [ChannelLog] = []
        for channel in channels { logs.append(try log(channel)) }
        return LogSet(logs)
    }

    private func log(_ channel: ChannelName) throws(ApusError) -> ChannelLog {
        let now = time()
        let log = try table.log(channel, time: now)
        log.touch(time: now)
        return log
    }

    // MARK: Loops

    /// The hub's part on an event loop; nil for a loop of another group. Use it on that loop only.
    package func shard(on eventLoop: any EventLoop) -> Shard? {
        shards[ObjectIdentifier(eventLoop)]?.value
    }

    /// One of the hub's loops, each in its turn, for a reader that has none of its own.
    package func anyEventLoop() -> any EventLoop {
        let turn = nextLoop.wrappingAdd(1, ordering: .relaxed).oldValue
        return eventLoops[Int(turn.magnitude % UInt(eventLoops.count))]
    }

    /// How many channels there are.
    public var channelCount: Int { table.count }
    /// How many bytes of messages are retained, 128 for each message's administration among them.
    public var retainedBytes: Int { table.retainedBytes }
}

extension Message {
    /// The same message in a buffer of its own: a slice of a connection's read buffer would keep all of that alive in the log.
    fileprivate func compacted() -> Message {
        guard data.storageCapacity > data.readableBytes + 64 else { return self }
        return replacingData(ByteBuffer(ByteBufferView(data)))
    }
}
