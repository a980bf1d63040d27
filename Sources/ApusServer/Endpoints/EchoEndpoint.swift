import ApusCore
import ApusWire
import HTTPTypes

/// `GET /echo`: a WebSocket that sends back what it is sent.
enum EchoEndpoint {
    static func handle(_ exchange: HTTPExchange) {
        do throws(ApusError) {
            guard exchange.isUpgrade else {
                throw ApusError(
                    .upgradeRequired,
                    "/echo is a WebSocket; it answers to a handshake only (RFC 6455 §4.1)."
                )
            }
            let handshake = try WebSocketUpgrade.handshake(exchange, subprotocols: [])
            guard let connection = WebSocketUpgrade.accept(exchange, handshake) else { return }
            _ = WebSocketSession(
                connection: connection,
                loop: exchange.loop,
                deflate: handshake.deflate,
                use: .echo
            )
        } catch {
            exchange.refuse(error)
        }
    }
}
