import ApusCore
import ApusWire
import HTTPTypes

/// The opening handshake (RFC 6455 §4.2), between an exchange and the wire's rules.
enum WebSocketUpgrade {
    /// Checks a handshake.
    ///
    /// - Throws: `ApusError` with codes `badHandshake`, `upgradeRequired`.
    static func handshake(_ exchange: HTTPExchange, subprotocols: [String]) throws(ApusError) -> WebSocketHandshake {
        let fields = exchange.request.headerFields
        func joined(_ name: HTTPField.Name) -> String? {
            let values = fields[values: name]
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        let request = WebSocketHandshake.Request(
            method: exchange.request.method.rawValue,
            isHTTP11: exchange.isHTTP11,
            host: exchange.request.authority,
            upgrade: joined(.upgrade),
            connection: joined(.connection),
            key: joined(.secWebSocketKey),
            version: joined(.secWebSocketVersion),
            protocols: joined(.secWebSocketProtocol),
            extensions: joined(.secWebSocketExtensions),
            connectProtocol: exchange.request.extendedConnectProtocol
        )
        do throws(WebSocketHandshake.Refusal) {
            return try WebSocketHandshake(
                accepting: request,
                subprotocols: subprotocols,
                allowsDeflate: exchange.loop.configuration.compressesWebSocket
            )
        } catch {
            switch error {
            case .badRequest(let reason):
                throw ApusError(.badHandshake, "This is no WebSocket handshake: \(reason) (RFC 6455 §4.2.1).")
            case .unsupportedVersion(let reason):
                throw ApusError(.upgradeRequired, "This server speaks WebSocket version 13: \(reason) (RFC 6455 §4.4).")
            }
        }
    }

    /// Answers `101`, or on HTTP/2 `200`.
    static func accept(_ exchange: HTTPExchange, _ handshake: WebSocketHandshake) -> ByteConnection? {
        var fields = HTTPFields()
        if let accept = handshake.accept { fields[.secWebSocketAccept] = accept }
        if let subprotocol = handshake.subprotocol { fields[.secWebSocketProtocol] = subprotocol }
        if let deflate = handshake.deflate { fields[.secWebSocketExtensions] = deflate.answer.headerValue }
        return exchange.acceptWebSocket(fields)
    }
}
