import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// Short polling: what the log holds after the cursor, at once (`spec/channels.md` §4.1).
enum PollTransport {
    static func answer(_ exchange: HTTPExchange, _ request: ChannelRequest) {
        let configuration = exchange.loop.configuration.hub
        let limit = ReadLimit(messages: configuration.batchMessages, bytes: configuration.batchBytes)
        do throws(ApusError) {
            let batch = try exchange.loop.hub.read(request.channels.names, since: request.since, limit: limit)
            answer(exchange, SharedBatch(batch), ifNoneMatch: request.ifNoneMatch)
            exchange.loop.context.metrics.polled(.poll)
        } catch {
            exchange.refuse(error)
        }
    }

    /// The answer of both pollings, with no field that could be left out.
    static func answer(_ exchange: HTTPExchange, _ shared: SharedBatch, ifNoneMatch: EntityTagCondition) {
        let tag = "\"\(shared.batch.cursor)\""
        var head = HTTPResponse(status: .ok)
        head.headerFields[.eTag] = tag
        head.headerFields[.cacheControl] = "no-cache"
        if ifNoneMatch.matches(tag) {
            head.status = .notModified
            exchange.respond(head)
            return
        }
        head.headerFields[.contentType] = "application/json"
        exchange.respond(head, body: shared.body(body))
    }

    private static func body(_ batch: Batch) -> ByteBuffer {
        var buffer = ByteBuffer()
        var form = BatchForm()
        form.appendStart(to: &buffer)
        for item in batch.items {
            switch item {
            case .message(let delivery): form.append(delivery, to: &buffer)
            case .gap(let notice): form.append(notice, to: &buffer)
            }
        }
        form.appendEnd(to: &buffer)
        return buffer
    }
}
