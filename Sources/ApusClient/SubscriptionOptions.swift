/// How a subscription reads and reconnects.
public struct SubscriptionOptions: Sendable {
    /// What it takes from the server and how long it waits for it.
    public var limits = ClientLimits()
    /// How long it waits before it connects again.
    public var backOff = BackOff()
    /// How many attempts the first connection gets; nil means as many as it takes. Default: nil.
    ///
    /// Once a connection has been made, the subscription comes back however long it takes.
    public var initialAttempts: Int?
    /// How often ``ChannelTransport/poll`` asks while there is nothing new. Default: 1 second.
    public var pollInterval: Duration = .seconds(1)
    /// How long ``ChannelTransport/longPoll`` asks the server to wait. Default: 25 seconds; the server takes 1 to 60.
    public var longPollTimeout: Duration = .seconds(25)
    /// Is told of every change of the connection, in order, before the events that follow it.
    ///
    /// Called on the subscription's own executor: it must not block.
    public var onStateChange: (@Sendable (ConnectionState) -> Void)?
    /// Is told whenever more bytes than ever wait between a connection's socket and the consumer. Called on an event loop.
    package var onBufferedPeak: (@Sendable (Int) -> Void)?

    /// The defaults.
    public init() {}
}
