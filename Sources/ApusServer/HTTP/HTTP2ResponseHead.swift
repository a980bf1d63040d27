import HTTPTypes
import NIOHPACK

/// How an answer's head looks in HTTP/2 (RFC 9113 §8.3.2).
enum HTTP2ResponseHead {
    /// - Parameters:
    ///   - length: How many bytes follow, if that is known and may be said.
    ///   - date: `Date`; nil for interim answers.
    static func headers(_ response: HTTPResponse, length: Int?, date: String?) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.reserveCapacity(response.headerFields.count + 3)
        headers.add(name: ":status", value: String(response.status.code))
        for field in response.headerFields where !belongsToConnection(field.name) {
            headers.add(name: field.name.canonicalName, value: field.value)
        }
        if let length { headers.add(name: "content-length", value: String(length)) }
        if let date { headers.add(name: "date", value: date) }
        return headers
    }

    /// Fields of HTTP/1.1's connections, which HTTP/2 does not have (RFC 9113 §8.2.2).
    private static func belongsToConnection(_ name: HTTPField.Name) -> Bool {
        name == .upgrade || name == .connection || name == .transferEncoding
    }
}
