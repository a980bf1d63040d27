/// The client's side of the opening handshake (RFC 6455 §4.1).
package struct WebSocketClientHandshake: Hashable, Sendable {
    /// What the answer says; a header that comes in several fields is joined by commas, one that is missing is nil.
    package struct Response: Sendable {
        package var status: Int
        package var upgrade: String?
        package var connection: String?
        package var accept: String?
        package var subprotocol: String?
        package var extensions: String?

        package init(
            status: Int,
            upgrade: String?,
            connection: String?,
            accept: String?,
            subprotocol: String? = nil,
            extensions: String? = nil
        ) {
            self.status = status
            self.upgrade = upgrade
            self.connection = connection
            self.accept = accept
            self.subprotocol = subprotocol
            self.extensions = extensions
        }
    }

    /// What was agreed on.
    package struct Agreement: Hashable, Sendable {
        package let subprotocol: String?
        package let deflate: PermessageDeflate?
    }

    /// Why the client gives up. The server erred, or has another answer than an upgrade.
    package enum Failure: Error, Hashable, Sendable {
        /// Another status than 101.
        case status(Int)
        /// `Upgrade` or `Connection` doesn't say what it has to.
        case notUpgraded
        /// `Sec-WebSocket-Accept` belongs to another key.
        case accept
        /// A subprotocol that was not offered.
        case subprotocol(String)
        /// Extensions that were not offered, or not like this.
        case extensions(String)
    }

    /// `Sec-WebSocket-Key`.
    package let key: String
    /// Offered, the preferred one first.
    package let subprotocols: [String]
    package let offersDeflate: Bool

    /// - Parameter nonce: 16 random bytes, new for each connection.
    package init(nonce: (UInt64, UInt64), subprotocols: [String] = [], offersDeflate: Bool = true) {
        key = withUnsafeBytes(of: nonce) { Base64.string($0) }
        self.subprotocols = subprotocols
        self.offersDeflate = offersDeflate
    }

    /// `Sec-WebSocket-Protocol`, if any is offered.
    package var protocolsHeader: String? {
        subprotocols.isEmpty ? nil : subprotocols.joined(separator: ", ")
    }

    /// `Sec-WebSocket-Extensions`, if any is offered.
    package var extensionsHeader: String? {
        offersDeflate ? PermessageDeflate.offer().headerValue : nil
    }

    /// Checks the server's answer.
    package func check(_ response: Response) throws(Failure) -> Agreement {
        guard response.status == 101 else { throw .status(response.status) }
        guard let upgrade = response.upgrade, upgrade.lowercased() == "websocket",
            WebSocketHandshake.list(response.connection, contains: "upgrade")
        else {
            throw .notUpgraded
        }
        guard response.accept == WebSocketKey.accept(for: key) else { throw .accept }
        if let subprotocol = response.subprotocol, !subprotocols.contains(subprotocol) {
            throw .subprotocol(subprotocol)
        }
        return Agreement(subprotocol: response.subprotocol, deflate: try checkExtensions(response.extensions))
    }

    private func checkExtensions(_ header: String?) throws(Failure) -> PermessageDeflate? {
        guard let header else { return nil }
        guard offersDeflate, let answers = WebSocketExtension.parse(header), answers.count == 1,
            let deflate = answers.first.flatMap({ PermessageDeflate(answer: $0) })
        else {
            throw .extensions(header)
        }
        return deflate
    }
}
