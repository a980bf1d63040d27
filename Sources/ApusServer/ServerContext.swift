import ApusCore
package import ApusHub
import ApusWire
import HTTPTypes
package import Logging
import NIOCore
import Synchronization

/// What all loops of a server share, and how an exchange finds its endpoint.
package final class ServerContext: Sendable {
    package let hub: Hub
    package let configuration: ServerConfiguration
    package let logger: Logger
    package let metrics = ServerMetrics()
    /// What all sessions share.
    package let sessions: SessionContext
    /// What separates the parts of multipart streams; at random, so that no message holds it by chance.
    package let boundary: String
    let time: @Sendable () -> Int64
    let origins: OriginPolicy
    private let readingLimits: ReadingLimits
    private let pages: Pages
    /// The port with TLS, if requests without it are sent there; 0 if they are answered.
    private let redirectPort = Atomic<Int>(0)

    package init(
        hub: Hub,
        configuration: ServerConfiguration,
        origins: OriginPolicy,
        pages: Pages,
        logger: Logger,
        time: @escaping @Sendable () -> Int64
    ) {
        self.hub = hub
        self.configuration = configuration
        self.logger = logger
        self.time = time
        self.origins = origins
        self.pages = pages
        sessions = SessionContext(
            hub: hub,
            configuration: configuration.sessions,
            hooks: configuration.sessionHooks
        )
        boundary =
            "apus-\(String(UInt64.random(in: .min ... .max), radix: 36))\(String(UInt64.random(in: .min ... .max), radix: 36))"
        var limits = ReadingLimits()
        limits.defaultTimeout = max(1, Int(configuration.longPollTimeout.components.seconds))
        limits.maximumTimeout = max(1, Int(configuration.maximumLongPollTimeout.components.seconds))
        limits.maximumHistory = configuration.hub.batchMessages
        limits.defaultHistory = min(limits.defaultHistory, limits.maximumHistory)
        readingLimits = limits
    }

    /// Answers a request.
    func handle(_ exchange: HTTPExchange) {
        var methods: [HTTPRequest.Method] = []
        do throws(ApusError) {
            let parsed = try exchange.loop.parse(exchange.request.path ?? "")
            switch exchange.loop.decide(exchange.request, target: parsed.target) {
            case .sameOriginOrNone(let fields), .allowed(let fields): exchange.commonFields = fields
            case .refused(let error): throw error
            }
            if let location = redirection(of: exchange.request) {
                exchange.respond(HTTPResponse(status: .permanentRedirect, headerFields: [.location: location]))
                return
            }
            let route = try parsed.route.get()
            methods = route.methods
            try route.check(exchange.request.method)
            if exchange.request.method == .options {
                answerOptions(exchange, methods: methods)
                return
            }
            try handle(exchange, route: route, query: parsed.query.get(), target: parsed.target)
        } catch {
            exchange.refuse(error, methods: methods)
        }
    }

    /// Sends requests without TLS to the port with it from now on.
    func redirect(to port: Int?) {
        redirectPort.store(port ?? 0, ordering: .relaxed)
    }

    /// Where a request without TLS goes, if it is not answered here.
    private func redirection(of request: HTTPRequest) -> String? {
        let port = redirectPort.load(ordering: .relaxed)
        guard port != 0, request.scheme == "http", let path = request.path, path.hasPrefix("/"),
            let authority = request.authority, let host = HostAuthority(authority)?.host
        else { return nil }
        return "https://\(host)\(port == 443 ? "" : ":\(port)")\(path)"
    }

    private func handle(
        _ exchange: HTTPExchange,
        route: Route,
        query: Query,
        target: RequestTarget
    ) throws(ApusError) {
        switch route {
        case .channels(let channels): try handle(exchange, channels: channels, query: query)
        case .history(let channel):
            let request = try HistoryRequest(channel: channel, query: query, limits: readingLimits)
            ChannelEndpoint.history(exchange, request)
        case .presence(let channel): PresenceEndpoint.handle(exchange, channel: channel)
        case .session(let resource): try SessionTransport.start(exchange, resource, query: query)
        case .echo: EchoEndpoint.handle(exchange)
        case .wireHead: WireHeadEndpoint.handle(exchange)
        case .page(let path): PageEndpoint.handle(exchange, path, query: target.query, pages: pages)
        case .server: answerOptions(exchange, methods: route.methods)
        }
    }

    private func handle(_ exchange: HTTPExchange, channels: ChannelList, query: Query) throws(ApusError) {
        switch (exchange.request.method, channels.single) {
        case (.post, let channel?):
            PublishEndpoint.handle(
                exchange,
                channel: channel,
                request: try PublishRequest(exchange.request, query: query)
            )
        case (.delete, let channel?): ChannelEndpoint.drop(exchange, channel: channel)
        case (.head, let channel?): ChannelEndpoint.head(exchange, channel: channel)
        default:
            let request = try ChannelRequest(
                exchange.request,
                channels: channels,
                query: query,
                limits: readingLimits
            )
            read(exchange, request)
        }
    }

    private func read(_ exchange: HTTPExchange, _ request: ChannelRequest) {
        switch request.transport {
        case .poll: PollTransport.answer(exchange, request)
        case .longPoll(let timeout, let accept):
            LongPollTransport.start(exchange, request, timeout: timeout, accept: accept)
        case .iframe(let callback): IframeTransport.start(exchange, request, callback: callback)
        case .stream(let format): HTTPStreamTransport.start(exchange, request, format: format)
        case .eventStream(let envelope): EventStreamTransport.start(exchange, request, envelope: envelope)
        case .webSocket(let textType): WebSocketTransport.start(exchange, request, textType: textType)
        }
    }

    private func answerOptions(_ exchange: HTTPExchange, methods: [HTTPRequest.Method]) {
        var head = HTTPResponse(status: .noContent)
        head.headerFields[.allow] = methods.lazy.map(\.rawValue).joined(separator: ", ")
        if exchange.request.headerFields[.origin] != nil {
            head.headerFields.append(contentsOf: OriginPolicy.preflight(methods: methods))
        }
        exchange.respond(head)
    }
}
