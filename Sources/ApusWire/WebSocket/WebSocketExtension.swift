/// One extension that a client offers or a server accepts, with its parameters (RFC 6455 §9.1).
package struct WebSocketExtension: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        /// In lower case.
        package let name: String
        package let value: String?

        package init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// In lower case.
    package let name: String
    package let parameters: [Parameter]

    package init(_ name: String, _ parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// The longest `Sec-WebSocket-Extensions`, in bytes; browsers send less than 100.
    package static let maximumHeaderBytes = 1024
    /// The most extensions that one handshake may name.
    package static let maximumCount = 16
    /// The most parameters of one extension.
    package static let maximumParameters = 16

    /// Reads `Sec-WebSocket-Extensions`, several fields joined by commas; nil if it is malformed or beyond the limits,
    /// and then the handshake fails (RFC 6455 §9.1).
    package static func parse(_ header: String) -> [WebSocketExtension]? {
        guard header.utf8.count <= maximumHeaderBytes else { return nil }
        var parser = HeaderListParser(header)
        var extensions: [WebSocketExtension] = []
        while parser.skipToElement() {
            guard extensions.count < maximumCount, let name = parser.token() else { return nil }
            var parameters: [Parameter] = []
            while parser.skip(UInt8(ascii: ";")) {
                guard parameters.count < maximumParameters, let name = parser.token() else { return nil }
                guard parser.skip(UInt8(ascii: "=")) else {
                    parameters.append(Parameter(name.lowercased()))
                    continue
                }
                guard let value = parser.tokenOrQuotedToken() else { return nil }
                parameters.append(Parameter(name.lowercased(), value))
            }
            guard parser.endsElement() else { return nil }
            extensions.append(WebSocketExtension(name.lowercased(), parameters))
        }
        return extensions.isEmpty ? nil : extensions
    }

    /// The header's text.
    package var headerValue: String {
        parameters.reduce(into: name) { text, parameter in
            text += "; " + parameter.name
            if let value = parameter.value { text += "=" + value }
        }
    }
}
