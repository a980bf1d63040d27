import ApusCore
import ApusWire
import HTTPTypes

/// The forever frame: a page of scripts that never ends (`spec/channels.md` §4.3).
enum IframeTransport {
    static func start(_ exchange: HTTPExchange, _ request: ChannelRequest, callback: CallbackName) {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "text/html; charset=utf-8"
        head.headerFields[.cacheControl] = "no-store"
        head.headerFields[.accelBuffering] = "no"
        // Nothing but the scripts that are written here is to run or load in this page.
        head.headerFields[.contentSecurityPolicy] = "default-src 'none'; script-src 'unsafe-inline'"
        head.headerFields[.xContentTypeOptions] = "nosniff"
        StreamSession.start(
            exchange,
            channels: request.channels.names,
            since: request.since,
            framing: IframeFraming(callback: callback),
            head: head,
            transport: .iframe
        )
    }
}
