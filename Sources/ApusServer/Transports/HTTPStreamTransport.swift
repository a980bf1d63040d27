import ApusCore
import ApusWire
import HTTPTypes

/// An answer without end: lines of JSON, or parts (`spec/channels.md` §4.4).
enum HTTPStreamTransport {
    static func start(_ exchange: HTTPExchange, _ request: ChannelRequest, format: StreamFormat) {
        switch format {
        case .ndjson:
            start(exchange, request, framing: NDJSONFraming(), contentType: "application/x-ndjson")
        case .mixed: startMultipart(exchange, request, kind: .mixed)
        case .replace: startMultipart(exchange, request, kind: .replace)
        }
    }

    private static func startMultipart(_ exchange: HTTPExchange, _ request: ChannelRequest, kind: MultipartFraming.Kind)
    {
        let framing = MultipartFraming(boundary: exchange.loop.context.boundary, kind: kind)
        start(exchange, request, framing: framing, contentType: framing.contentType)
    }

    private static func start(
        _ exchange: HTTPExchange,
        _ request: ChannelRequest,
        framing: some StreamFraming,
        contentType: String
    ) {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = contentType
        head.headerFields[.cacheControl] = "no-store"
        head.headerFields[.accelBuffering] = "no"
        StreamSession.start(
            exchange,
            channels: request.channels.names,
            since: request.since,
            framing: framing,
            head: head,
            transport: .stream
        )
    }
}
