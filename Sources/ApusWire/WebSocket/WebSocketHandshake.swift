import NIOCore

/// The server's side of the opening handshake (RFC 6455 §4.2).
package struct WebSocketHandshake: Hashable, Sendable {
    /// What the request says; a header that comes in several fields is joined by commas, one that is missing is nil.
    package struct Request: Sendable {
        package var method: String
        /// HTTP/1.1 or later.
        package var isHTTP11: Bool
        package var host: String?
        package var upgrade: String?
        package var connection: String?
        package var key: String?
        package var version: String?
        package var protocols: String?
        package var extensions: String?
        /// `:protocol` of an extended CONNECT (RFC 8441 §4); nil for an upgrade.
        package var connectProtocol: String?

        package init(
            method: String,
            isHTTP11: Bool,
            host: String?,
            upgrade: String?,
            connection: String?,
            key: String?,
            version: String?,
            protocols: String? = nil,
            extensions: String? = nil,
            connectProtocol: String? = nil
        ) {
            self.method = method
            self.isHTTP11 = isHTTP11
            self.host = host
            self.upgrade = upgrade
            self.connection = connection
            self.key = key
            self.version = version
            self.protocols = protocols
            self.extensions = extensions
            self.connectProtocol = connectProtocol
        }
    }

    /// Why the server does not upgrade. The client erred.
    package enum Refusal: Error, Hashable, Sendable {
        /// `400`: no handshake by RFC 6455 §4.2.1.
        case badRequest(reason: String)
        /// `426` with `Upgrade: websocket` and `Sec-WebSocket-Version: 13` (RFC 6455 §4.4): another version, or none.
        case unsupportedVersion(reason: String)

        package var status: Int {
            switch self {
            case .badRequest: 400
            case .unsupportedVersion: 426
            }
        }

        package var reason: String {
            switch self {
            case .badRequest(let reason), .unsupportedVersion(let reason): reason
            }
        }
    }

    /// `Sec-WebSocket-Accept`; nil where an extended CONNECT needs no proof (RFC 8441 §5).
    package let accept: String?
    /// `Sec-WebSocket-Protocol`, if any was chosen.
    package let subprotocol: String?
    /// What `Sec-WebSocket-Extensions` has to say (`deflate.answer.headerValue`), if anything.
    package let deflate: PermessageDeflate?

    /// The one version that there is (RFC 6455 §4.1).
    package static let version = "13"
    /// The longest header of the handshake that is looked at, in bytes.
    package static let maximumHeaderBytes = 4096

    /// Checks a request (RFC 6455 §4.2.1) and chooses what to answer (§4.2.2).
    ///
    /// - Parameters:
    ///   - subprotocols: those that the server knows; the client's order decides.
    ///   - allowsDeflate: whether permessage-deflate may be agreed on.
    package init(
        accepting request: Request,
        subprotocols: [String],
        allowsDeflate: Bool
    ) throws(Refusal) {
        accept = try request.connectProtocol == nil ? Self.acceptUpgrade(request) : Self.acceptConnect(request)
        subprotocol = try Self.choose(from: request.protocols, supported: subprotocols)
        deflate = try Self.negotiate(request.extensions, allowsDeflate: allowsDeflate)
    }

    /// Checks an upgrade of HTTP/1.1, and proves that its key was read.
    private static func acceptUpgrade(_ request: Request) throws(Refusal) -> String {
        guard request.method == "GET" else { throw .badRequest(reason: "the method must be GET") }
        guard request.isHTTP11 else { throw .badRequest(reason: "HTTP/1.1 is needed") }
        guard request.host != nil else { throw .badRequest(reason: "Host is missing") }
        guard list(request.upgrade, contains: "websocket") else {
            throw .badRequest(reason: "Upgrade must be websocket")
        }
        guard list(request.connection, contains: "upgrade") else {
            throw .badRequest(reason: "Connection must contain Upgrade")
        }
        try check(version: request.version)
        guard let key = request.key, key.utf8.count == Base64.encodedLength(WebSocketKey.bytes),
            Base64.decode(key)?.readableBytes == WebSocketKey.bytes
        else {
            throw .badRequest(reason: "Sec-WebSocket-Key must be 16 bytes in base 64")
        }
        return WebSocketKey.accept(for: key)
    }

    /// Checks an extended CONNECT of HTTP/2 (RFC 8441 §5), which has neither `Upgrade` nor `Connection` nor a key.
    private static func acceptConnect(_ request: Request) throws(Refusal) -> String? {
        guard request.connectProtocol?.lowercased() == "websocket" else {
            throw .badRequest(reason: ":protocol must be websocket")
        }
        guard request.host != nil else { throw .badRequest(reason: ":authority is missing") }
        try check(version: request.version)
        return nil
    }

    private static func check(version: String?) throws(Refusal) {
        guard let version else { throw .unsupportedVersion(reason: "Sec-WebSocket-Version is missing") }
        guard version == Self.version else {
            throw .unsupportedVersion(reason: "Sec-WebSocket-Version must be \(Self.version)")
        }
    }

    private static func choose(from header: String?, supported: [String]) throws(Refusal) -> String? {
        guard let header else { return nil }
        guard header.utf8.count <= maximumHeaderBytes, let offered = HeaderListParser.tokens(header),
            !offered.isEmpty
        else {
            throw .badRequest(reason: "Sec-WebSocket-Protocol is malformed")
        }
        // RFC 6455 §4.1: all of them different.
        guard Set(offered).count == offered.count else {
            throw .badRequest(reason: "Sec-WebSocket-Protocol names a protocol twice")
        }
        return offered.first { supported.contains($0) }
    }

    private static func negotiate(_ header: String?, allowsDeflate: Bool) throws(Refusal) -> PermessageDeflate? {
        guard let header else { return nil }
        guard let offers = WebSocketExtension.parse(header) else {
            throw .badRequest(reason: "Sec-WebSocket-Extensions is malformed")
        }
        return allowsDeflate ? PermessageDeflate.accept(offers) : nil
    }

    /// Whether a list of tokens contains one, in whatever case.
    static func list(_ header: String?, contains token: String) -> Bool {
        guard let header, header.utf8.count <= maximumHeaderBytes else { return false }
        return HeaderListParser.tokens(header)?.contains { $0.lowercased() == token } ?? false
    }
}
