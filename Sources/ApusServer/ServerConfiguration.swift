public import ApusHub

/// How a server listens and what it allows. Every limit has a unit; the defaults are safe on a developer's machine.
public struct ServerConfiguration: Sendable {
    /// The address to listen on. Default: `127.0.0.1`, so that only this machine reaches the server.
    public var host = "127.0.0.1"
    /// The TCP port. Default: 8000. With 0 the system chooses one.
    public var port = 8000
    /// TLS on a port of its own. Default: none.
    public var tls: TLSSettings?
    /// What an HTTP/2 connection may ask for.
    public var http2 = HTTP2Limits()
    /// Limits and retention of channels.
    public var hub = HubConfiguration()
    /// Origins (`https://example.org`) whose pages may use the server from a browser, besides its own; `*` allows all.
    public var allowedOrigins: [String] = []
    /// Names under which the server is reached, if it is to answer to no others. On loopback it answers to loopback names and addresses anyway.
    public var allowedHosts: [String] = []
    /// A folder to serve pages from, instead of those that are built in.
    public var pagesFolder: String?
    /// Whether the built-in generator publishes to the channels `board` and `camera`. Default: no.
    public var publishesDemo = false

    /// How often streams and WebSockets carry a sign of life. Default: 15 seconds.
    public var heartbeat: Duration = .seconds(15)
    /// How long a long poll waits unless it asks otherwise, and the longest it may ask for. Default: 25 and 60 seconds.
    public var longPollTimeout: Duration = .seconds(25)
    /// See `longPollTimeout`.
    public var maximumLongPollTimeout: Duration = .seconds(60)
    /// How long a connection may take for its first request's head. Default: 10 seconds; then 408.
    public var headTimeout: Duration = .seconds(10)
    /// How long a request's body may take. Default: 30 seconds; then 408.
    public var bodyTimeout: Duration = .seconds(30)
    /// How long a connection may be idle between requests. Default: 75 seconds.
    public var idleTimeout: Duration = .seconds(75)
    /// How long a socket may take nothing while there is something for it, before it is given up. Default: 60 seconds.
    public var stallTimeout: Duration = .seconds(60)
    /// How long connections may take to end once the server stops. Default: 5 seconds.
    public var stopTimeout: Duration = .seconds(5)

    /// The most bytes of a request's head. Default: 16 KiB; then 431.
    public var maximumHeadBytes = 16 << 10
    /// The most fields of a request's head. Default: 100; then 431.
    public var maximumHeadFields = 100
    /// The most connections at a time. Default: 100,000; one more is answered 503 and closed.
    public var maximumConnections = 100_000
    /// The largest WebSocket frame, in bytes. Default: 1 MiB; then close code 1009.
    public var maximumFrameBytes = 1 << 20
    /// Limits and times of sessions.
    public var sessions = SessionConfiguration()
    /// What the program decides of sessions. By default all is allowed that needs no program.
    public var sessionHooks = SessionHooks()
    /// Whether permessage-deflate is used where a client offers it (RFC 7692). Default: yes.
    public var compressesWebSocket = true
    /// Whether slices go straight to the socket while NIO has nothing pending for it. Default: yes.
    public var sendsDirectly = true

    /// The defaults.
    public init() {}
}
