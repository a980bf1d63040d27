import ApusCore
import ApusWire
import HTTPTypes

/// Server-Sent Events (HTML §9.2; `spec/channels.md` §4.5).
enum EventStreamTransport {
    static func start(_ exchange: HTTPExchange, _ request: ChannelRequest, envelope: Bool) {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "text/event-stream"
        // `no-transform` asks proxies not to compress, and thereby hold back, what must pass at once.
        head.headerFields[.cacheControl] = "no-cache, no-transform"
        head.headerFields[.accelBuffering] = "no"
        StreamSession.start(
            exchange,
            channels: request.channels.names,
            since: request.since,
            framing: EventStreamFraming(envelope: envelope),
            head: head,
            transport: .eventStream
        )
    }
}
