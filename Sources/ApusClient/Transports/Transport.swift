import ApusCore
import NIOCore

/// One connection's way of reading channels.
protocol Transport: AnyObject {
    /// What comes next; nil when the server has ended the stream in good order.
    ///
    /// It returns at least with every sign of life, perhaps without events.
    nonisolated(nonsending)
        func next() async throws(ClientError) -> TransportNews?
    /// Nobody reads on.
    func close()
}

/// What a transport has read.
struct TransportNews: Sendable {
    var events: [SubscriptionEvent] = []
    /// Where to resume after it; nil where that is not known, or has not changed.
    var cursor: Cursor?
    /// How long the server wants clients to wait before they come back.
    var retry: Duration?
}

/// What a transport is opened for.
struct TransportRequest: Sendable {
    var address: ServerAddress
    var channels: [ChannelName]
    var since: Since
    var options: SubscriptionOptions
    var group: any EventLoopGroup

    var translation: ItemTranslation {
        ItemTranslation(channels: channels, messageBytes: options.limits.messageBytes)
    }

    /// Connects to the server.
    nonisolated(nonsending)
        func connect() async throws(ClientError) -> HTTPConnection
    {
        try await HTTPConnection.open(
            to: address,
            limits: options.limits,
            group: group,
            onBufferedPeak: options.onBufferedPeak
        )
    }

    /// The path and query of a reading request.
    func target(_ query: [(name: String, value: String)], since: Since) -> String {
        RequestTarget.channels(channels, query: query + [("since", since.description)], at: address)
    }
}

extension ChannelTransport {
    /// Connects and asks; returns when the server has accepted.
    ///
    /// - Throws: `ClientError`, also when the server refuses.
    nonisolated(nonsending)
        func open(_ request: TransportRequest) async throws(ClientError) -> any Transport
    {
        switch self {
        case .webSocket: try await WebSocketTransport.open(request)
        case .eventStream: try await StreamTransport.open(request, .eventStream)
        case .stream: try await StreamTransport.open(request, .lines)
        case .multipart: try await StreamTransport.open(request, .multipart)
        case .iframe: try await StreamTransport.open(request, .iframe)
        case .longPoll: try await PollingTransport.open(request, holds: true)
        case .poll: try await PollingTransport.open(request, holds: false)
        }
    }
}
