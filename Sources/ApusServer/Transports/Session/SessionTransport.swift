import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// The ways into a session (`spec/session.md` §5).
enum SessionTransport {
    /// - Throws: `ApusError` with codes `invalidParameter`, `badHandshake`, `upgradeRequired`.
    static func start(_ exchange: HTTPExchange, _ resource: SessionResource, query: Query) throws(ApusError) {
        let form = try form(exchange, resource, query)
        let connect = try query.value(.connect).map { ByteBuffer(string: $0) }
        switch resource {
        case .webSocket: try SessionWebSocket.start(exchange, connect: nil, isUnidirectional: false, form: form)
        case .unidirectionalWebSocket: try SessionWebSocket.start(exchange, connect: connect, isUnidirectional: true)
        case .eventStream: readWords(exchange, connect) { SessionStream.start(exchange, .eventStream, words: $0) }
        case .httpStream: readWords(exchange, connect) { SessionStream.start(exchange, .lines, form: form, words: $0) }
        case .unidirectionalEventStream:
            readWords(exchange, connect) {
                SessionStream.start(exchange, .eventStream, words: $0, isUnidirectional: true)
            }
        case .unidirectionalHTTPStream:
            readWords(exchange, connect) { SessionStream.start(exchange, .lines, words: $0, isUnidirectional: true) }
        case .iframe:
            let callback = try callback(query)
            readWords(exchange, connect) { SessionStream.start(exchange, .iframe(callback), words: $0) }
        case .longPoll: readUpstream(exchange) { SessionPoll.answer(exchange, body: $0, waits: true) }
        case .poll: readUpstream(exchange) { SessionPoll.answer(exchange, body: $0, waits: false) }
        case .emulation: readUpstream(exchange) { EmulationEndpoint.handle(exchange, body: $0, form: form) }
        }
    }

    /// By the query, or by the type of what the client sends.
    private static func form(
        _ exchange: HTTPExchange,
        _ resource: SessionResource,
        _ query: Query
    ) throws(ApusError) -> SessionCarrier.Form {
        let sendsBytes = exchange.request.headerFields[.contentType] == "application/octet-stream"
        switch (try query.value(.format), resource) {
        case ("json"?, _): return .json
        case (nil, .httpStream), (nil, .emulation): return sendsBytes ? .protobuf : .json
        case (nil, _): return .json
        case ("protobuf"?, .webSocket), ("protobuf"?, .httpStream), ("protobuf"?, .emulation): return .protobuf
        case (let format?, _):
            throw ApusError(
                .invalidParameter,
                "Sessions are not spoken in '\(format.prefix(32))' here; leave 'format' out."
            )
        }
    }

    private static func callback(_ query: Query) throws(ApusError) -> CallbackName {
        guard let text = try query.value(.callback) else { return .standard }
        return try CallbackName(text)
    }

    /// A client's first words: the body, or where it can't send one, a parameter.
    private static func readWords(
        _ exchange: HTTPExchange,
        _ connect: ByteBuffer?,
        _ handler: @escaping (ByteBuffer?) -> Void
    ) {
        guard exchange.request.method == .post else {
            handler(connect)
            return
        }
        readUpstream(exchange) { handler($0.readableBytes > 0 ? $0 : connect) }
    }

    private static func readUpstream(_ exchange: HTTPExchange, _ handler: @escaping (ByteBuffer) -> Void) {
        // A batch inside of a string takes up to twice its bytes, where all of them need a backslash.
        let limit = exchange.loop.configuration.sessions.maximumCommandBytes * 2 + 4_096
        exchange.collectBody(limit: limit) { body in
            switch body {
            case .success(let body): handler(body)
            case .failure(let error): exchange.refuse(error)
            }
        }
    }
}
