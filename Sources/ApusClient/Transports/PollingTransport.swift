import ApusCore
import ApusWire
import NIOCore
import NIOHTTP1

/// Short and long polling: one request after another on a connection that is kept (`spec/channels.md` §4.1, §4.2).
final class PollingTransport: Transport {
    /// The most messages in one answer that is understood; the server sends at most 1,000 unless it is told otherwise.
    private static let itemsPerAnswer = 100_000
    /// A long poll that is answered with nothing sooner than this is not held by the server, and is not repeated at once.
    private static let shortestHold = Duration.seconds(1)

    private let request: TransportRequest
    private let holds: Bool
    private var connection: HTTPConnection
    private var since: Since
    /// The last answer's, so that the same answer need not be sent again (RFC 9110 §13.1.2).
    private var entityTag: String?
    private var pause = Duration.zero
    private var first: TransportNews?

    private init(_ request: TransportRequest, holds: Bool, connection: HTTPConnection) {
        self.request = request
        self.holds = holds
        self.connection = connection
        since = request.since
    }

    /// The first request is a short poll also for long polling: it fails where the server refuses, it gets what is there,
    /// and from its answer on there is a cursor.
    nonisolated(nonsending)
        static func open(_ request: TransportRequest, holds: Bool) async throws(ClientError) -> PollingTransport
    {
        let transport = PollingTransport(request, holds: holds, connection: try await request.connect())
        transport.first = try await transport.poll(holds: false)
        if holds { transport.pause = .zero }
        return transport
    }

    /// The position behind the newest message of every channel.
    nonisolated(nonsending)
        static func end(of request: TransportRequest, on connection: HTTPConnection) async throws(ClientError) -> Cursor
    {
        let target = request.target([("transport", "poll")], since: .now)
        let answer = try await connection.answer(to: Request(target: target))
        guard answer.head.status == .ok else { throw answer.refusal }
        return try cursor(of: answer.head, request.translation)
    }

    nonisolated(nonsending)
        func next() async throws(ClientError) -> TransportNews?
    {
        if let news = first {
            first = nil
            return news
        }
        if pause > .zero {
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw ClientError(.connectionFailed, "The subscription was cancelled.", underlying: error)
            }
        }
        // The server may have closed a connection that was idle for long, or after its answer.
        if !connection.isOpen { connection = try await request.connect() }
        return try await poll(holds: holds)
    }

    func close() { connection.close() }

    nonisolated(nonsending)
        private func poll(holds: Bool) async throws(ClientError) -> TransportNews
    {
        let wait = request.options.longPollTimeout
        var query = [(name: "transport", value: holds ? "long-poll" : "poll")]
        if holds { query.append(("timeout", "\(max(1, min(wait.components.seconds, 60)))")) }
        var get = Request(target: request.target(query, since: since))
        if let entityTag { get.fields = [("If-None-Match", entityTag)] }
        let began = ContinuousClock.now
        let answer = try await connection.answer(to: get, wait: holds ? wait : .zero)
        let events: [SubscriptionEvent]
        switch answer.head.status {
        case .ok: events = try read(answer.body)
        case .notModified: events = []
        default: throw answer.refusal
        }
        let cursor = try Self.cursor(of: answer.head, request.translation)
        since = .cursor(cursor)
        entityTag = answer.head.headers.first(name: "ETag")
        let isRepeatedAtOnce = !events.isEmpty || holds && ContinuousClock.now - began >= Self.shortestHold
        pause = isRepeatedAtOnce ? .zero : request.options.pollInterval
        return TransportNews(events: events, cursor: cursor)
    }

    private func read(_ body: ByteBuffer) throws(ClientError) -> [SubscriptionEvent] {
        let items: [ReceivedItem]
        do throws(MessageFormError) {
            items = try MessageFormParser.items(body, limit: Self.itemsPerAnswer)
        } catch {
            throw ItemTranslation.violation("The server's answer can't be read: \(error).", error)
        }
        let translation = request.translation
        return try items.map { (item) throws(ClientError) in try translation.event(item) }
    }

    private static func cursor(of head: HTTPResponseHead, _ translation: ItemTranslation) throws(ClientError) -> Cursor
    {
        guard let tag = head.headers.first(name: "ETag") else {
            throw ItemTranslation.violation("The server's answer has no ETag; is it an Apus server?")
        }
        return try translation.cursor(tag)
    }
}
