import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// What `/channels/{name}` answers besides messages: its figures, its end, its history (`spec/channels.md` §3).
enum ChannelEndpoint {
    static func head(_ exchange: HTTPExchange, channel: ChannelName) {
        do throws(ApusError) {
            let status = try exchange.loop.hub.status(of: channel)
            var head = HTTPResponse(status: .ok)
            head.headerFields[.apusCursor] = status.position.description
            head.headerFields[.apusMessages] = "\(status.messages)"
            head.headerFields[.apusBytes] = "\(status.bytes)"
            head.headerFields[.apusSubscribers] = "\(status.subscribers)"
            head.headerFields[.cacheControl] = "no-store"
            exchange.respond(head)
        } catch {
            exchange.refuse(error)
        }
    }

    static func drop(_ exchange: HTTPExchange, channel: ChannelName) {
        exchange.loop.hub.drop(channel)
        exchange.respond(HTTPResponse(status: .noContent))
    }

    static func history(_ exchange: HTTPExchange, _ request: HistoryRequest) {
        do throws(ApusError) {
            let hub = exchange.loop.hub
            let limit = ReadLimit(messages: request.limit, bytes: hub.configuration.batchBytes)
            let channel = request.channel
            let body: ByteBuffer
            switch request.direction {
            case .forward(let since):
                let batch = try hub.read([channel], since: since, limit: limit)
                var deliveries: [Delivery] = []
                for case .message(let delivery) in batch.items { deliveries.append(delivery) }
                body = try self.body(
                    hub,
                    channel,
                    deliveries,
                    more: !batch.isComplete,
                    gap: batch.firstGap?.gap
                )
            case .backward(let position):
                let read = try hub.readBackwards(channel, before: position, limit: limit)
                let deliveries = read.publications.map { publication in
                    let cursor = Position(epoch: read.end.epoch, offset: publication.offset).description
                    return Delivery(publication: publication, cursor: cursor)
                }
                body = try self.body(hub, channel, deliveries, more: !read.isComplete, gap: read.gap)
            }
            var head = HTTPResponse(status: .ok)
            head.headerFields[.contentType] = "application/json"
            head.headerFields[.cacheControl] = "no-store"
            exchange.respond(head, body: body)
        } catch {
            exchange.refuse(error)
        }
    }

    private static func body(
        _ hub: Hub,
        _ channel: ChannelName,
        _ deliveries: [Delivery],
        more: Bool,
        gap: Gap?
    ) throws(ApusError) -> ByteBuffer {
        var body = ByteBuffer()
        let head = try hub.status(of: channel).position
        HistoryForm(head: head, more: more, gap: gap).append(deliveries, to: &body)
        return body
    }
}
