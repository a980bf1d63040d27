package import ApusCore
import ApusWire
package import NIOCore

/// Server-Sent Events, asked for with the envelope, so that every message has its type, id and time (`spec/channels.md`
/// §4.5).
package struct EventStreamDecoder: StreamDecoder {
    private let translation: ItemTranslation
    private var parser: EventStreamParser

    package init(_ translation: ItemTranslation, lineBytes: Int) {
        self.translation = translation
        parser = EventStreamParser(maximumLineBytes: lineBytes, maximumEventBytes: lineBytes)
    }

    package var cursor: Cursor? {
        let cursor = Cursor(parser.lastEventID)
        return cursor?.positions.count == translation.channels.count ? cursor : nil
    }

    package var retry: Duration? {
        parser.retryMilliseconds.map { .milliseconds($0) }
    }

    package mutating func read(_ bytes: ByteBuffer) throws(ClientError) -> [SubscriptionEvent] {
        let events: [ServerSentEvent]
        do throws(EventStreamError) {
            events = try parser.read(bytes)
        } catch {
            throw ClientError(.limitExceeded, "The event stream can't be read: \(error).", underlying: error)
        }
        return try events.map { (event) throws(ClientError) in
            guard event.type == Message.gapEvent else { return try translation.event(json: event.data) }
            return .gap(try translation.gap(try Self.notice(event)))
        }
    }

    private static func notice(_ event: ServerSentEvent) throws(ClientError) -> GapNotice {
        do throws(MessageFormError) {
            return try MessageFormParser.notice(value: event.data, cursor: event.lastEventID)
        } catch {
            throw ItemTranslation.violation("A gap of the server can't be read: \(error).", error)
        }
    }
}
