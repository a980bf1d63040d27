import ApusCore
import HTTPTypes
import NIOHPACK

/// Reads a request's head as HTTP/2 has it (RFC 9113 §8.3); NIO has checked its grammar.
enum HTTP2RequestHead {
    /// Makes the head one that routing understands, whichever HTTP carried it.
    ///
    /// An extended `CONNECT` for a WebSocket (RFC 8441 §4) becomes the `GET` that it would be in HTTP/1.1; its
    /// `extendedConnectProtocol` stays, and says what it was.
    ///
    /// - Throws: `ApusError` with codes `badRequest`, `headTooLarge`.
    static func request(
        _ headers: HPACKHeaders,
        isEncrypted: Bool,
        maximumFields: Int
    ) throws(ApusError) -> HTTPRequest {
        var method: String?
        var path: String?
        var authority: String?
        var host: String?
        var connectProtocol: String?
        var fields = HTTPFields()
        var cookies: [String] = []
        guard headers.count <= maximumFields else {
            throw ApusError(.headTooLarge, "A request has at most \(maximumFields) fields here.")
        }
        for (name, value, _) in headers {
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": authority = value
            case ":protocol": connectProtocol = value
            case ":scheme": break  // what the connection is counts, not what the client says
            case "host": host = value
            case "cookie": cookies.append(value)
            default:
                guard let name = HTTPField.Name(parsed: name) else {
                    throw ApusError(.badRequest, "A field's name is invalid (RFC 9113 §8.2.1).")
                }
                fields.append(HTTPField(name: name, value: value))
            }
        }
        // RFC 9113 §8.2.3
        if !cookies.isEmpty { fields[.cookie] = cookies.joined(separator: "; ") }
        if let host {
            // RFC 9113 §8.3.1
            guard authority == nil || authority == host else {
                throw ApusError(.badRequest, "Host and :authority differ.")
            }
            authority = host
        }
        guard let method, let authority, let path, !path.isEmpty else {
            throw ApusError(.badRequest, "A request has :method, :path and :authority (RFC 9113 §8.3.1).")
        }
        let isWebSocket = method == "CONNECT" && connectProtocol?.lowercased() == "websocket"
        guard let parsed = HTTPRequest.Method(isWebSocket ? "GET" : method) else {
            throw ApusError(.badRequest, "The request's method is invalid.")
        }
        var request = HTTPRequest(
            method: parsed,
            scheme: isEncrypted ? "https" : "http",
            authority: authority,
            path: path,
            headerFields: fields
        )
        if let connectProtocol { request.extendedConnectProtocol = connectProtocol }
        return request
    }
}
