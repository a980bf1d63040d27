public import ApusCore
import ApusWire
public import NIOCore
import NIOHTTP1
public import NIOPosix

/// A client of an Apus server's channels as plain web resources: it publishes, reads and subscribes.
///
///     let client = try ChannelClient("http://127.0.0.1:8000")
///     try await client.publish("hello", to: ChannelName("news"))
///     for try await event in try client.subscribe(to: [ChannelName("news")], since: .start) {
///         if case .message(let message) = event { print(message.text) }
///     }
///
/// May be used from any task. Publishing keeps a connection open for the next request; it is closed with the client.
public final class ChannelClient: Sendable {
    /// The most channels that one subscription may name; a server may allow fewer.
    public static let maximumChannels = Cursor.maximumPositions

    /// What the client takes from the server and how long it waits for it, except in subscriptions.
    public let limits: ClientLimits
    private let address: ServerAddress
    private let group: any EventLoopGroup
    private let requests: RequestConnections

    /// Makes a client; it connects when it is first used.
    ///
    /// - Parameters:
    ///   - baseURL: Where the server is: `http://host:port`, perhaps with a path before its own. `ws://` is the same.
    ///   - limits: What the client takes from the server and how long it waits for it.
    ///   - group: The event loops of its connections.
    /// - Throws: `ClientError` with codes `invalidURL`, and `unsupported` for TLS.
    public init(
        _ baseURL: String,
        limits: ClientLimits = ClientLimits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(ClientError) {
        address = try ServerAddress(baseURL)
        self.limits = limits
        self.group = group
        requests = RequestConnections(address: address, limits: limits, group: group)
    }

    // MARK: - Publishing

    /// Publishes a message.
    ///
    /// - Parameters:
    ///   - data: The bytes; by the server's default at most 1 MiB.
    ///   - contentType: What they are. Without it the server takes UTF-8 for text, and all else for bytes.
    ///   - event: The event's name, 1 to 64 bytes.
    ///   - id: The message's id, 1 to 128 visible ASCII characters. With one, a publish whose connection is lost is tried
    ///     once more, since the channel takes the same id only once. Without one it is never sent twice.
    ///   - channel: Where to.
    /// - Returns: Its position.
    /// - Throws: `ClientError`; `refused` with the server's problem.
    @discardableResult
    public func publish(
        _ data: ByteBuffer,
        contentType: ContentType? = nil,
        event: String? = nil,
        id: String? = nil,
        to channel: ChannelName
    ) async throws(ClientError) -> PublishReceipt {
        var query: [(name: String, value: String)] = []
        if let event { query.append(("event", event)) }
        if let id { query.append(("id", id)) }
        var post = Request(
            method: .POST,
            target: RequestTarget.channels([channel], query: query, at: address),
            body: data
        )
        if let contentType { post.fields = [("Content-Type", contentType.rawValue)] }
        let answer = try await requests.answer(to: post, isRepeatable: id != nil)
        guard answer.head.status == .created || answer.head.status == .ok else { throw answer.refusal }
        do throws(MessageFormError) {
            let receipt = try EnvelopeItemParser.answer(answer.body)
            return PublishReceipt(
                position: receipt.position,
                subscribers: receipt.subscribers,
                isDuplicate: receipt.isDuplicate
            )
        } catch {
            throw ItemTranslation.violation("The server's answer can't be read: \(error); is it an Apus server?", error)
        }
    }

    /// Publishes text, as `text/plain;charset=utf-8` unless it is said otherwise.
    @discardableResult
    public func publish(
        _ text: String,
        contentType: ContentType = .text,
        event: String? = nil,
        id: String? = nil,
        to channel: ChannelName
    ) async throws(ClientError) -> PublishReceipt {
        try await publish(ByteBuffer(string: text), contentType: contentType, event: event, id: id, to: channel)
    }

    // MARK: - Reading

    /// Follows channels, from a place on.
    ///
    /// - Parameters:
    ///   - channels: 1 to ``maximumChannels`` different names.
    ///   - since: Where to begin; every message and gap tells a cursor for the next time.
    ///   - transport: By which way.
    ///   - options: Limits, back-off, time-outs.
    /// - Throws: `ClientError` with code `invalidArgument`.
    public func subscribe(
        to channels: [ChannelName],
        since: Since = .now,
        transport: ChannelTransport = .webSocket,
        options: SubscriptionOptions = SubscriptionOptions()
    ) throws(ClientError) -> ChannelSubscription {
        guard (1...Self.maximumChannels).contains(channels.count), Set(channels).count == channels.count else {
            throw ClientError(
                .invalidArgument,
                "\(channels.count) channels are named; 1 to \(Self.maximumChannels) different ones can be followed at once."
            )
        }
        if case .cursor(let cursor) = since, cursor.positions.count != channels.count {
            throw ClientError(
                .invalidArgument,
                "The cursor '\(cursor)' belongs to \(cursor.positions.count) channel(s), but \(channels.count) are named."
            )
        }
        return ChannelSubscription(
            request: TransportRequest(
                address: address,
                channels: channels,
                since: since,
                options: options,
                group: group
            ),
            transport: transport
        )
    }

    /// What a channel retains.
    ///
    /// - Parameters:
    ///   - channel: Which.
    ///   - since: Where to begin; nil means the oldest message, or with `reverse` the newest.
    ///   - limit: The most messages, 1 to 1,000.
    ///   - reverse: The newest first.
    /// - Throws: `ClientError`; `refused` with the server's problem.
    public func history(
        of channel: ChannelName,
        since: Since? = nil,
        limit: Int = 100,
        reverse: Bool = false
    ) async throws(ClientError) -> ChannelHistory {
        var query = [(name: "limit", value: "\(limit)")]
        if let since { query.append(("since", since.description)) }
        if reverse { query.append(("reverse", "true")) }
        let target = RequestTarget.channels([channel], resource: "/history", query: query, at: address)
        let answer = try await requests.answer(to: Request(target: target), isRepeatable: true)
        guard answer.head.status == .ok else { throw answer.refusal }
        return try HistoryReading.history(answer.body, channel: channel, limits: limits)
    }

    /// Where a channel's log ends, and how much it holds.
    ///
    /// - Throws: `ClientError`; `refused` with the answer's status, since this answer has no body that could say more.
    public func status(of channel: ChannelName) async throws(ClientError) -> Status {
        let request = Request(method: .HEAD, target: RequestTarget.channels([channel], at: address))
        let answer = try await requests.answer(to: request, isRepeatable: true)
        guard answer.head.status == .ok else { throw answer.refusal }
        let headers = answer.head.headers
        func number(_ name: String) -> Int? { headers.first(name: name).flatMap { Int($0) } }
        guard let position = headers.first(name: "Apus-Cursor").flatMap({ Position($0) }),
            let messages = number("Apus-Messages"), let bytes = number("Apus-Bytes"),
            let subscribers = number("Apus-Subscribers")
        else { throw ItemTranslation.violation("The answer has no Apus-Cursor; is it an Apus server?") }
        return Status(position: position, messages: messages, bytes: bytes, subscribers: subscribers)
    }
}
