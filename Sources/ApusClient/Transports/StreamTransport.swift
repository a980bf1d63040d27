import ApusCore
import NIOCore
import NIOHTTP1

/// An HTTP answer without end: SSE, NDJSON, multipart and the iframe's document differ only in their decoder.
final class StreamTransport: Transport {
    /// What the answer is made of.
    enum Form: Sendable {
        case eventStream, lines, multipart, iframe
    }

    private let connection: HTTPConnection
    private let silence: Duration
    private var decoder: any StreamDecoder
    private var cursor: Cursor?

    private init(connection: HTTPConnection, decoder: any StreamDecoder, cursor: Cursor?, silence: Duration) {
        self.connection = connection
        self.decoder = decoder
        self.cursor = cursor
        self.silence = silence
    }

    nonisolated(nonsending)
        static func open(_ request: TransportRequest, _ form: Form) async throws(ClientError) -> StreamTransport
    {
        let limits = request.options.limits
        let connection = try await request.connect()
        var since = request.since
        // These streams don't say where they begin. Without a cursor, a stream that was cut before its first message
        // would lose what is published until the next one.
        if since == .now, form != .eventStream {
            since = .cursor(try await PollingTransport.end(of: request, on: connection))
        }
        var get = Request(target: request.target(form.query, since: since))
        get.fields = [("Accept", form.mediaType), ("Cache-Control", "no-cache")]
        try await connection.send(get)
        let head = try await connection.head(within: limits.answerTimeout)
        guard head.status == .ok else { throw try await connection.refusal(head) }
        guard let decoder = form.decoder(for: head, request) else {
            throw ClientError(
                .protocolViolation,
                "The server answers with \(head.headers.first(name: "Content-Type") ?? "no type") instead of \(form.mediaType); "
                    + "is it an Apus server?"
            )
        }
        var cursor: Cursor?
        if case .cursor(let start) = since { cursor = start }
        return StreamTransport(
            connection: connection,
            decoder: decoder,
            cursor: cursor,
            silence: limits.silence(heartbeat: limits.heartbeat)
        )
    }

    nonisolated(nonsending)
        func next() async throws(ClientError) -> TransportNews?
    {
        if let cursor {
            self.cursor = nil
            return TransportNews(cursor: cursor)
        }
        switch try await connection.part(within: silence, awaiting: "sign of life") {
        case .bytes(let bytes):
            let events = try decoder.read(bytes)
            return TransportNews(events: events, cursor: decoder.cursor ?? events.last?.cursor, retry: decoder.retry)
        case .end, nil: return nil
        case .head: throw ClientError(.protocolViolation, "The server answered twice.")
        }
    }

    func close() { connection.close() }
}

extension StreamTransport.Form {
    fileprivate var query: [(name: String, value: String)] {
        switch self {
        case .eventStream: [("transport", "sse"), ("envelope", "true")]
        case .lines: [("transport", "stream"), ("format", "ndjson")]
        case .multipart: [("transport", "stream"), ("format", "mixed")]
        case .iframe: [("transport", "iframe")]
        }
    }

    fileprivate var mediaType: String {
        switch self {
        case .eventStream: "text/event-stream"
        case .lines: "application/x-ndjson"
        case .multipart: "multipart/mixed"
        case .iframe: "text/html"
        }
    }

    /// A decoder for the answer; nil if it is of another type than was asked for.
    fileprivate func decoder(for head: HTTPResponseHead, _ request: TransportRequest) -> (any StreamDecoder)? {
        let type = head.headers.first(name: "Content-Type") ?? ""
        guard type.lowercased().hasPrefix(mediaType) else { return nil }
        let lineBytes = request.options.limits.lineBytes
        switch self {
        case .eventStream: return EventStreamDecoder(request.translation, lineBytes: lineBytes)
        case .lines: return LineDecoder(request.translation, lineBytes: lineBytes)
        case .multipart:
            return MultipartDecoder.boundary(of: type).map { MultipartDecoder(request.translation, boundary: $0) }
        case .iframe: return IframeDecoder(request.translation, lineBytes: lineBytes)
        }
    }
}
