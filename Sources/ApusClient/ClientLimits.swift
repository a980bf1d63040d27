/// How much a client takes from a server, and how long it waits for it.
public struct ClientLimits: Hashable, Sendable {
    /// The largest message, in bytes of data. Default: 8 MiB. A larger one ends the subscription.
    public var messageBytes = 8 << 20
    /// The longest line, event, part or WebSocket message on the wire, in bytes. Default: 16 MiB.
    ///
    /// JSON's escapes and base64 make it larger than its data.
    public var lineBytes = 16 << 20
    /// The largest answer that is read as a whole, such as a poll's, in bytes. Default: 32 MiB.
    public var bodyBytes = 32 << 20
    /// The largest head of an answer, in bytes. Default: 16 KiB.
    public var headBytes = 16 << 10
    /// How many bytes wait between the socket and a consumer that is slow. Default: 256 KiB, at least 64 KiB.
    ///
    /// When so much waits, nothing more is read from the socket until the consumer asks.
    public var bufferedBytes = 256 << 10
    /// How long connecting may take. Default: 10 seconds.
    public var connectTimeout: Duration = .seconds(10)
    /// How long an answer's first byte, and the rest of a short answer, may take. Default: 30 seconds.
    ///
    /// A long poll's own time comes on top of it.
    public var answerTimeout: Duration = .seconds(30)
    /// How often the server's streams carry a sign of life. Default: 15 seconds, as the server's.
    ///
    /// A WebSocket is told the server's own value.
    public var heartbeat: Duration = .seconds(15)
    /// How long a stream may be silent after two heartbeats before it is given up for dead. Default: 5 seconds.
    public var heartbeatSlack: Duration = .seconds(5)

    /// The defaults.
    public init() {}

    /// The longest silence of a stream that is alive.
    package func silence(heartbeat: Duration) -> Duration { heartbeat * 2 + heartbeatSlack }
}
