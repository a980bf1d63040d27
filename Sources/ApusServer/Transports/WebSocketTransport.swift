import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// A WebSocket on channels: raw messages, or the envelope (`spec/channels.md` §4.6).
enum WebSocketTransport {
    private static let envelope = "apus.envelope.v1"
    private static let raw = "apus.raw.v1"

    static func start(_ exchange: HTTPExchange, _ request: ChannelRequest, textType: ContentType) {
        let loop = exchange.loop
        let place: SubscriptionPlace
        let handshake: WebSocketHandshake
        do throws(ApusError) {
            handshake = try WebSocketUpgrade.handshake(exchange, subprotocols: [envelope, raw])
            if handshake.subprotocol != envelope, request.channels.single == nil {
                throw ApusError(
                    .badHandshake,
                    "A raw socket can't say on which channel a message came; offer the subprotocol \(envelope) for several."
                )
            }
            place = try loop.shard.place(for: request.channels.names, since: request.since)
        } catch {
            exchange.refuse(error)
            return
        }
        guard let connection = WebSocketUpgrade.accept(exchange, handshake) else {
            loop.shard.abandon(place)
            return
        }
        let isEnvelope = handshake.subprotocol == envelope
        let publisher = WebSocketPublisher(
            hub: loop.hub,
            channels: request.channels.names,
            textType: textType,
            isEnvelope: isEnvelope
        )
        let session = WebSocketSession(
            connection: connection,
            loop: loop,
            deflate: handshake.deflate,
            use: .channels(publisher)
        )
        let heartbeatSeconds = Int(loop.configuration.heartbeat.inMilliseconds / 1_000)
        let framing = WebSocketFraming(
            form: isEnvelope
                ? .envelope(channels: request.channels.names, heartbeatSeconds: heartbeatSeconds) : .raw,
            deflater: handshake.deflate.flatMap { loop.deflater(windowBits: $0.serverMaxWindowBits) }
        )
        let subscriber = loop.shard.subscribe(
            at: place,
            encoding: WireEncoding(framing, coding: .identity, carriesGaps: isEnvelope),
            outbox: session
        )
        session.begin(subscriber)
    }
}
