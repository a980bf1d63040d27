package import ApusCore
import ApusWire
package import HTTPTypes

/// A `GET` of channels: which transport, with which parameters, from where (`spec/channels.md` §4).
package struct ChannelRequest: Hashable, Sendable {
    /// What is read.
    package let channels: ChannelList
    /// How it is sent.
    package let transport: ReadingTransport
    /// From where.
    package let since: Since
    /// What a polling client has already.
    package let ifNoneMatch: EntityTagCondition

    /// Reads a request's head.
    ///
    /// - Throws: `ApusError` with code `invalidParameter`, `invalidCursor` or `upgradeRequired`.
    package init(
        _ request: HTTPRequest,
        channels: ChannelList,
        query: Query,
        limits: ReadingLimits = ReadingLimits()
    ) throws(ApusError) {
        let transport = try Self.transport(request, channels: channels, query: query, limits: limits)
        self.channels = channels
        self.transport = transport
        since = try Self.since(request, channels: channels, query: query) ?? (transport == .poll ? .start : .now)
        ifNoneMatch = EntityTagCondition(request.headerFields[.ifNoneMatch])
    }

    private static func transport(
        _ request: HTTPRequest,
        channels: ChannelList,
        query: Query,
        limits: ReadingLimits
    ) throws(ApusError) -> ReadingTransport {
        if asksForWebSocket(request) { return .webSocket(textType: try textType(query)) }
        let accept = AcceptedTypes(request.headerFields[.accept])
        let wait = WaitPreference.seconds(request.headerFields[.prefer])
        let envelope = try query.flag(.envelope) || channels.single == nil
        switch try query.value(.transport) {
        case "poll"?: return .poll
        case "long-poll"?: return try longPoll(query, accept: accept, wait: wait, limits: limits)
        case "iframe"?: return .iframe(callback: try callback(query))
        case "stream"?: return .stream(try streamFormat(query))
        case "sse"?: return .eventStream(envelope: envelope)
        case "websocket"?:
            throw ApusError(.upgradeRequired, "transport=websocket needs a WebSocket handshake (RFC 6455 §4.1).")
        case let other?:
            throw ApusError(
                .invalidParameter,
                "'\(other.prefix(64))' is no transport; use poll, long-poll, iframe, stream, sse or websocket."
            )
        case nil: break
        }
        switch acceptedStream(accept) {
        case .eventStream: return .eventStream(envelope: envelope)
        case .stream(let format): return .stream(format)
        case nil: break
        }
        guard wait != nil else { return .poll }
        return try longPoll(query, accept: accept, wait: wait, limits: limits)
    }

    /// RFC 6455 §4.2.1, or RFC 8441 §4 over HTTP/2. Whether the handshake is right is another question.
    private static func asksForWebSocket(_ request: HTTPRequest) -> Bool {
        if request.extendedConnectProtocol?.lowercased() == "websocket" { return true }
        guard let upgrade = request.headerFields[.upgrade] else { return false }
        return HeaderList(upgrade).elements.contains { $0.value == "websocket" }
    }

    private static func textType(_ query: Query) throws(ApusError) -> ContentType {
        guard let text = try query.value(.type) else { return .text }
        do {
            return try ContentType(text)
        } catch {
            throw ApusError(.invalidParameter, error.message)
        }
    }

    private static func callback(_ query: Query) throws(ApusError) -> CallbackName {
        guard let text = try query.value(.callback) else { return .standard }
        return try CallbackName(text)
    }

    private static func streamFormat(_ query: Query) throws(ApusError) -> StreamFormat {
        guard let text = try query.value(.format) else { return .ndjson }
        guard let format = StreamFormat(rawValue: text) else {
            let known = StreamFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ApusError(.invalidParameter, "'\(text.prefix(64))' is no format; use one of: \(known).")
        }
        return format
    }

    /// A `timeout=` is a demand and refused when it can't be met; `Prefer: wait` is a wish and met as far as it can be
    /// (RFC 7240 §2).
    private static func longPoll(
        _ query: Query,
        accept: AcceptedTypes,
        wait: Int?,
        limits: ReadingLimits
    ) throws(ApusError) -> ReadingTransport {
        let asked = try query.number(.timeout, in: 1...max(1, limits.maximumTimeout))
        let wished = wait.map { min(max($0, 1), limits.maximumTimeout) }
        let seconds = asked ?? wished ?? limits.defaultTimeout
        return .longPoll(timeout: .seconds(seconds), accept: accept.asksForRaw ? accept : nil)
    }

    private enum AcceptedStream {
        case eventStream
        case stream(StreamFormat)
    }

    private static let streamTypes: Set<String> = [
        "text/event-stream", "application/x-ndjson", "multipart/mixed", "multipart/x-mixed-replace",
    ]

    /// The stream that `Accept` names with the greatest weight; nil when it names none, or weighs JSON more.
    private static func acceptedStream(_ accept: AcceptedTypes) -> AcceptedStream? {
        guard let range = accept.preferred(among: streamTypes),
            range.weight >= accept.preferred(among: ["application/json"])?.weight ?? 0
        else { return nil }
        switch range.subtype {
        case "event-stream": return .eventStream
        case "x-ndjson": return .stream(.ndjson)
        case "mixed": return .stream(.mixed)
        default: return .stream(.replace)
        }
    }

    /// The first of the places of `spec/channels.md` §1 that says something. An `EventSource` that has seen no id sends
    /// no header (HTML §9.2.3), and its stand-ins send the parameter empty; both mean "no cursor".
    private static func since(
        _ request: HTTPRequest,
        channels: ChannelList,
        query: Query
    ) throws(ApusError) -> Since? {
        if let header = request.headerFields[.lastEventID], !header.isEmpty { return try since(header, of: channels) }
        if let text = try query.value(.since) { return try since(text, of: channels) }
        for parameter in [Query.Parameter.lastEventIDHeader, .lastEventID] {
            if let text = try query.value(parameter), !text.isEmpty { return try since(text, of: channels) }
        }
        return nil
    }

    /// - Throws: `invalidCursor` also for a cursor of another number of positions than channels.
    static func since(_ text: String, of channels: ChannelList) throws(ApusError) -> Since {
        let since = try Since(text)
        if case .cursor(let cursor) = since, cursor.positions.count != channels.names.count {
            throw ApusError(
                .invalidCursor,
                "The cursor holds \(cursor.positions.count) positions for \(channels.names.count) channels; "
                    + "use it with the names, and their order, that it was given for."
            )
        }
        return since
    }
}
