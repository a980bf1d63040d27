import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// `POST /channels/{name}` (`spec/channels.md` §3).
enum PublishEndpoint {
    /// What the answer looks like: one object, or an array as the request had one.
    private enum Answer {
        case one(Published)
        case many([Published])
    }

    static func handle(_ exchange: HTTPExchange, channel: ChannelName, request: PublishRequest) {
        let hub = exchange.loop.hub
        let limit = bodyLimit(request, hub.configuration)
        exchange.collectBody(limit: limit) { body in
            do throws(ApusError) {
                answer(exchange, try publish(try body.get(), to: channel, request: request, hub: hub))
            } catch {
                exchange.refuse(error)
            }
        }
    }

    /// An array of forms may hold as much as two large messages in base64; each of them is measured again.
    private static func bodyLimit(_ request: PublishRequest, _ configuration: HubConfiguration) -> Int {
        switch request {
        case .raw: configuration.maximumMessageBytes
        case .envelope: configuration.maximumMessageBytes / 3 * 8 + 4_096
        }
    }

    private static func publish(
        _ body: ByteBuffer,
        to channel: ChannelName,
        request: PublishRequest,
        hub: Hub
    ) throws(ApusError) -> Answer {
        switch request {
        case .raw(let declared, let event, let id):
            let type = try MessageBody.contentType(of: body, declared: declared?.rawValue)
            return .one(
                try hub.publish(checked: try Message(data: body, contentType: type, event: event, id: id), to: channel)
            )
        case .envelope(let event, let id):
            switch try PublishFormParser.body(body) {
            case .one(let form):
                let message = try Message(
                    data: form.data,
                    contentType: form.contentType,
                    event: form.event ?? event,
                    id: form.id ?? id
                )
                return .one(try hub.publish(checked: message, to: channel))
            case .many(let forms):
                // An id that went unheard would let a repeated request publish everything twice.
                guard event == nil, id == nil else {
                    throw ApusError(
                        .invalidMessage,
                        "An array's messages have an event and an id each; leave them out of the query and the headers."
                    )
                }
                // All are checked before the first is published.
                var messages: [Message] = []
                for form in forms { messages.append(try form.message(publisher: nil)) }
                for message in messages { try hub.check(message) }
                var published: [Published] = []
                for message in messages { published.append(try hub.publish(checked: message, to: channel)) }
                return .many(published)
            }
        }
    }

    private static func answer(_ exchange: HTTPExchange, _ answer: Answer) {
        var body = ByteBuffer()
        var head = HTTPResponse(status: .created)
        switch answer {
        case .one(let published):
            if published.isDuplicate { head.status = .ok }
            PublishAnswer(published).append(to: &body)
        case .many(let published): PublishAnswer.append(published.map { PublishAnswer($0) }, to: &body)
        }
        head.headerFields[.contentType] = "application/json"
        exchange.respond(head, body: body)
    }
}
