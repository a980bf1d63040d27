package import ApusCore
import ApusWire
package import NIOCore

/// A hub's part on one event loop: its feeds, its subscribers, its timers. Belongs to that loop.
package final class Shard {
    package let eventLoop: any EventLoop
    package let configuration: HubConfiguration
    private let table: ChannelTable
    private let time: @Sendable () -> Int64

    private var feeds: [[ChannelName]: Feed] = [:]
    private var watchedLogs: [ObjectIdentifier: WatchedLog] = [:]
    private var feedsWithCatchUps: [Feed] = []
    private var wheel = TimerWheel()
    private var ticks: RepeatedTask?
    /// Set right after the shard is made; nil once it has stopped.
    private var watcher: ShardWatcher?

    /// How long a tick of the timers is.
    package static let tick: TimeAmount = .milliseconds(250)

    private struct WatchedLog {
        let log: ChannelLog
        var feeds: [Feed]
    }

    init(
        eventLoop: any EventLoop,
        configuration: HubConfiguration,
        table: ChannelTable,
        time: @escaping @Sendable () -> Int64
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.table = table
        self.time = time
    }

    /// Starts the timers; `onTick` is called with every tick.
    func start(onTick: @escaping @Sendable () -> Void) {
        eventLoop.assertInEventLoop()
        watcher = ShardWatcher(self)
        let shard = NIOLoopBound(self, eventLoop: eventLoop)
        ticks = eventLoop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { _ in
            shard.value.advance()
            onTick()
        }
    }

    /// Ends all streams and answers all waiters; new ones are refused. Timers go on, for connections that are ending.
    func endSubscribers() {
        eventLoop.assertInEventLoop()
        watcher = nil
        for feed in Array(feeds.values) { feed.stop() }
    }

    /// Ends everything.
    func stop() {
        endSubscribers()
        ticks?.cancel()
    }

    // MARK: Subscribing

    /// Finds where a new subscriber starts. Follow it with `subscribe` or `abandon`, before anything else happens on the loop.
    ///
    /// - Throws: `ApusError` with codes `invalidCursor`, `tooManyChannels`, `stopping`.
    package func place(for channels: [ChannelName], since: Since) throws(ApusError) -> SubscriptionPlace {
        eventLoop.assertInEventLoop()
        let feed = try feed(for: channels)
        feed.refresh()
        do throws(ApusError) {
            let positions = since == .now ? feed.positions : try feed.set.positions(since: since)
            return SubscriptionPlace(feed: feed, positions: positions)
        } catch {
            feed.releaseIfUnused()
            throw error
        }
    }

    /// Makes a subscriber that streams into an outbox; nothing is sent before its `start()`.
    package func subscribe(
        at place: SubscriptionPlace,
        encoding: WireEncoding,
        outbox: any Outbox
    ) -> StreamSubscriber {
        let feed = place.feed
        let slot = feed.slot(for: encoding)
        let subscriber = StreamSubscriber(feed: feed, slot: slot, outbox: outbox, positions: place.positions)
        feed.add(subscriber)
        return subscriber
    }

    /// Gives a place back that nobody takes.
    package func abandon(_ place: SubscriptionPlace) {
        place.feed.releaseIfUnused()
    }

    /// Calls the handler once, when there is something after `since`; perhaps before this function returns.
    ///
    /// - Throws: `ApusError` with codes `invalidCursor`, `tooManyChannels`, `stopping`.
    @discardableResult
    package func wait(
        on channels: [ChannelName],
        since: Since,
        handler: @escaping (SharedBatch) -> Void
    ) throws(ApusError) -> BatchWaiter {
        let place = try place(for: channels, since: since)
        let waiter = BatchWaiter(feed: place.feed, positions: place.positions, handler: handler)
        place.feed.add(waiter)
        return waiter
    }

    // MARK: Feeds

    private func feed(for channels: [ChannelName]) throws(ApusError) -> Feed {
        if let feed = feeds[channels] { return feed }
        guard let watcher else {
            throw ApusError(.stopping, "The server is stopping; connect again in a moment.")
        }
        var logs: [ChannelLog] = []
        for name in channels {
            do throws(ApusError) {
                logs.append(try watchedLog(name, watcher: watcher))
            } catch {
                for log in logs { unwatchIfUnused(log) }
                throw error
            }
        }
        let feed = Feed(set: LogSet(logs), shard: self)
        feeds[channels] = feed
        for log in logs { watchedLogs[ObjectIdentifier(log)]?.feeds.append(feed) }
        return feed
    }

    private func watchedLog(_ name: ChannelName, watcher: ShardWatcher) throws(ApusError) -> ChannelLog {
        while true {
            let log = try table.log(name, time: time())
            if watchedLogs[ObjectIdentifier(log)] != nil { return log }
            guard log.watch(watcher) else { continue }
            watchedLogs[ObjectIdentifier(log)] = WatchedLog(log: log, feeds: [])
            return log
        }
    }

    private func unwatchIfUnused(_ log: ChannelLog) {
        guard let watched = watchedLogs[ObjectIdentifier(log)], watched.feeds.isEmpty else { return }
        watchedLogs[ObjectIdentifier(log)] = nil
        if let watcher { log.unwatch(watcher, time: time()) }
    }

    /// A feed has nobody left.
    func release(_ feed: Feed) {
        let channels = feed.set.logs.map(\.name)
        guard feeds[channels] === feed else { return }
        feeds[channels] = nil
        for log in feed.set.logs {
            watchedLogs[ObjectIdentifier(log)]?.feeds.removeAll { $0 === feed }
            unwatchIfUnused(log)
        }
    }

    /// A log that this loop watches has changed.
    func logChanged(_ log: ChannelLog) {
        eventLoop.assertInEventLoop()
        guard let watcher, let watched = watchedLogs[ObjectIdentifier(log)] else { return }
        log.acknowledge(watcher)
        for feed in watched.feeds { feed.logChanged() }
    }

    /// Remembers to give a feed's remembered slices back.
    func hasCatchUps(_ feed: Feed) {
        if !feedsWithCatchUps.contains(where: { $0 === feed }) { feedsWithCatchUps.append(feed) }
    }

    // MARK: Time

    /// Runs work once the loop has looked at its sockets.
    ///
    /// NIO runs everything that is handed to `execute`, also what such work hands in itself, before it looks at sockets again; only a
    /// deadline in the future, however near, lets it look first.
    package func afterLookingAtSockets(_ work: @escaping () -> Void) {
        eventLoop.assumeIsolated().scheduleTask(in: .microseconds(5), work)
    }

    /// Sets a timer, or moves it; coarse, by ticks of 250 ms, and never early.
    package func set(_ timer: WheelTimer, after duration: Duration) {
        eventLoop.assertInEventLoop()
        let tick = Self.tick.nanoseconds / 1_000_000
        wheel.set(timer, ticks: Int((duration.inMilliseconds + tick - 1) / tick) + 1)
    }

    package func cancel(_ timer: WheelTimer) {
        eventLoop.assertInEventLoop()
        wheel.cancel(timer)
    }

    private func advance() {
        for timer in wheel.advance() { timer.target?.timerFired(timer) }
        for feed in feedsWithCatchUps { feed.forgetCatchUps() }
        feedsWithCatchUps = []
    }
}

/// A shard's ear at its logs: carries the news over to the shard's loop.
final class ShardWatcher: LogWatcher {
    private let shard: NIOLoopBound<Shard>
    private let eventLoop: any EventLoop

    init(_ shard: Shard) {
        self.shard = NIOLoopBound(shard, eventLoop: shard.eventLoop)
        eventLoop = shard.eventLoop
    }

    func logChanged(_ log: ChannelLog) {
        eventLoop.execute { self.shard.value.logChanged(log) }
    }
}
