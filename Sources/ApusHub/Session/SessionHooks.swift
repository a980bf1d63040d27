public import ApusCore
public import NIOCore

/// What an embedding program decides of its sessions. A closure that is missing allows; one that throws refuses.
///
/// Closures throw `SessionError` to refuse a command, or `SessionDisconnect` to end the session; any other error is
/// reported to the client as 100. They run in tasks of their own, and the session's later commands, `rpc` and `send` aside,
/// wait for them. JSON values are checked before they get here and after they come back.
public struct SessionHooks: Sendable {
    /// Says who a client is.
    public var onConnect: (@Sendable (SessionConnectRequest) async throws -> SessionConnectDecision)?
    /// Decides on a subscription.
    public var onSubscribe:
        (@Sendable (SessionClient, SessionSubscribeRequest) async throws -> SessionSubscribeDecision)?
    /// Decides on a publication; the data is one JSON value.
    public var onPublish: (@Sendable (SessionClient, ChannelName, ByteBuffer) async throws -> Void)?
    /// Answers a call: the procedure's name and its argument, one JSON value. The result is one JSON value. Missing: error 108.
    public var onRPC: (@Sendable (SessionClient, String, ByteBuffer?) async throws -> ByteBuffer)?
    /// Takes a message that has no reply. Missing: disconnect code 3508.
    public var onMessage: (@Sendable (SessionClient, ByteBuffer) async throws -> Void)?
    /// Prolongs a connection by its new token: for how long, or nil for good. Missing: error 108.
    public var onRefresh: (@Sendable (SessionClient, String) async throws -> Duration?)?
    /// Prolongs a subscription by its new token: for how long, or nil for good. Missing: error 108.
    public var onSubscriptionRefresh: (@Sendable (SessionClient, ChannelName, String) async throws -> Duration?)?
    /// Hears of a session's end, and why.
    public var onDisconnect: (@Sendable (SessionClient, SessionDisconnect) async -> Void)?

    /// No closures: everything is allowed that needs none.
    public init() {}
}

/// Who wants to connect.
public struct SessionConnectRequest: Sendable {
    /// The id that the server gives it.
    public var client: String
    /// What it brings to prove who it is; empty without.
    public var token: String
    /// One JSON value of its own.
    public var data: ByteBuffer?
    /// The client's name, as it says.
    public var name: String
    /// The client's version, as it says.
    public var version: String

    /// A request, for tests of a closure.
    public init(client: String, token: String = "", data: ByteBuffer? = nil, name: String = "", version: String = "") {
        self.client = client
        self.token = token
        self.data = data
        self.name = name
        self.version = version
    }
}

/// What becomes of who wants to connect.
public struct SessionConnectDecision: Sendable {
    /// The user's id.
    public var user: String?
    /// What others may know of it: one JSON value.
    public var info: String?
    /// What the client is told: one JSON value.
    public var data: ByteBuffer?
    /// How long the connection lasts unless it is refreshed; nil for good.
    public var lifetime: Duration?
    /// Channels that the server subscribes it to.
    public var channels: [ChannelName] = []

    /// Lets it in, without a name.
    public init(user: String? = nil) {
        self.user = user
    }
}

/// Who wants to follow what.
public struct SessionSubscribeRequest: Sendable {
    /// Which channel.
    public var channel: ChannelName
    /// What it brings to prove that it may; empty without.
    public var token: String
    /// One JSON value of its own.
    public var data: ByteBuffer?

    /// A request, for tests of a closure.
    public init(channel: ChannelName, token: String = "", data: ByteBuffer? = nil) {
        self.channel = channel
        self.token = token
        self.data = data
    }
}

/// What becomes of a subscription.
public struct SessionSubscribeDecision: Sendable {
    /// What others on the channel may know of the client: one JSON value.
    public var info: String?
    /// What the client is told: one JSON value.
    public var data: ByteBuffer?
    /// How long the subscription lasts unless it is refreshed; nil for good.
    public var lifetime: Duration?
    /// Whether others see the client on the channel.
    public var isPresent = true

    /// Lets it follow.
    public init() {}
}
