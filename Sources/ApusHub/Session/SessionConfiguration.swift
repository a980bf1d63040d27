import ApusWire

/// What sessions may do and how long they may take. Every limit has a unit.
public struct SessionConfiguration: Sendable, Hashable {
    /// How often a session is pinged. Default: 25 seconds.
    public var pingInterval: Duration = .seconds(25)
    /// How long a client may take to answer a ping. Default: 10 seconds; then disconnect code 3012.
    public var pongTimeout: Duration = .seconds(10)
    /// How long a client may take for its connect command. Default: 15 seconds; then 3502.
    public var connectTimeout: Duration = .seconds(15)
    /// How long after its lifetime a connection or subscription may still be refreshed. Default: 25 seconds; then 3005 or 3006.
    public var refreshGrace: Duration = .seconds(25)
    /// How long a polled session lives without a poll. Default: 30 seconds.
    public var pollTimeout: Duration = .seconds(30)
    /// The longest command, in bytes. Default: 1 MiB and 64 KiB; then 3501.
    public var maximumCommandBytes = (1 << 20) + (64 << 10)
    /// The most sessions at a time that polls may add to. Default: 100,000; one more is refused with `too-many-connections`.
    ///
    /// Others have a connection each, of which there is a limit too.
    public var maximumSessions = 100_000
    /// The most commands of one frame or body. Default: 1,024; then 3013.
    public var maximumCommandsPerBatch = 1_024
    /// The most commands of a session that are not answered yet. Default: 2,048; then 3013.
    public var maximumPendingCommands = 2_048
    /// The most commands of a session each second, on average over two. Default: 2,000; beyond that, error 111.
    public var maximumCommandsPerSecond = 2_000
    /// The most subscriptions of a session. Default: 512; one more is refused with error 106.
    public var maximumSubscriptions = 512
    /// The most bytes of replies that a client may leave unread. Default: 1 MiB; then 3008.
    ///
    /// Publications don't count: they wait in their channels.
    public var maximumHeldBytes = 1 << 20
    /// The most publications in the reply of a subscription that recovers. Default: 300.
    ///
    /// What is beyond them follows as if it were published then.
    public var recoveryMessages = 300
    /// The most clients that one answer to `presence` names. Default: 10,000; for more, error 106.
    public var maximumPresence = 10_000

    /// The defaults.
    public init() {}

    var limits: SessionLimits {
        SessionLimits(
            commandBytes: maximumCommandBytes,
            commandsPerBatch: maximumCommandsPerBatch,
            connectSubscriptions: maximumSubscriptions
        )
    }
}
