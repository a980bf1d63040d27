/// How much a hub keeps and allows. Every limit has a unit; the defaults suit a server with a gigabyte of memory.
public struct HubConfiguration: Sendable, Hashable {
    /// What each channel's log keeps.
    public var retention = Retention()
    /// How long a channel that holds nothing, and that nobody uses, is remembered. Default: 1 hour.
    ///
    /// A cursor that is older than this yields a gap, although nothing was missed.
    public var idleChannelLifetime: Duration = .seconds(3600)
    /// The most channels at a time. Default: 100,000. One more is refused with `too-many-channels`.
    public var maximumChannels = 100_000
    /// The most bytes of retained messages in all channels together. Default: 256 MiB.
    ///
    /// Beyond it, a channel that is published to gives up its own older half, which its subscribers may see as a gap; if that is not
    /// enough, the publish is refused with `storage-full`.
    public var maximumRetainedBytes = 256 << 20
    /// The largest message, in bytes of data. Default: 1 MiB. A larger one is refused with `message-too-large`.
    public var maximumMessageBytes = 1 << 20
    /// The most channels that one subscriber may follow at once on one plain connection. Default: 16.
    public var channelsPerSubscriber = 16
    /// The most messages that one poll or one page of history answers. Default: 1,000.
    public var batchMessages = 1_000
    /// About how many bytes of data one poll or one page of history answers. Default: 256 KiB.
    ///
    /// A larger message goes out on its own. It bounds what a client holds that asks and does not read.
    public var batchBytes = 256 << 10
    /// About how many bytes of messages are framed and sent at a time, to one subscriber or to all. Default: 64 KiB.
    ///
    /// It bounds what a slow subscriber holds besides its socket's buffer. A larger message goes out on its own.
    public var sliceBytes = 64 << 10
    /// To how many subscribers a loop sends before it looks at its sockets again. Default: 128.
    public var fanOutTurn = 128

    /// The defaults.
    public init() {}
}

/// What a channel's log keeps: the newest messages within all three limits.
public struct Retention: Sendable, Hashable {
    /// The most messages. Default: 1,000.
    public var messages = 1_000
    /// The most bytes: data, names, and 128 bytes a message. Default: 4 MiB.
    public var bytes = 4 << 20
    /// The greatest age. Default: 1 hour.
    public var age: Duration = .seconds(3600)

    /// The defaults.
    public init() {}

    /// Limits of one's own.
    public init(messages: Int, bytes: Int = 4 << 20, age: Duration = .seconds(3600)) {
        self.messages = messages
        self.bytes = bytes
        self.age = age
    }
}
