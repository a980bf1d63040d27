import HTTPTypes
import NIOCore
import NIOHTTP1

/// How an answer's head looks in HTTP/1.1 (RFC 9112 §4).
enum HTTP1ResponseHead {
    /// What is said about the body that follows.
    enum Body {
        /// This many bytes.
        case length(Int)
        /// Chunks (RFC 9112 §7.1).
        case chunked
        /// Everything up to the connection's end, for HTTP/1.0.
        case untilClose
        /// None, since the status has none (1xx, 204, 304: RFC 9110 §8.6).
        case none
    }

    static func append(
        _ response: HTTPResponse,
        body: Body,
        date: String,
        connection: String?,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        let code = response.status.code
        // RFC 9112 §4: the phrase may be empty, but people read it.
        let known = response.status.reasonPhrase
        let phrase = known.isEmpty ? HTTPResponseStatus(statusCode: code).reasonPhrase : known
        buffer.writeString("\(code) \(phrase)\r\n")
        for field in response.headerFields {
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        switch body {
        case .length(let length): buffer.writeString("Content-Length: \(length)\r\n")
        case .chunked: buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        case .untilClose, .none: break
        }
        if response.status.code != 101 {
            // RFC 9110 §6.6.1: a server with a clock sends Date in 2xx, 3xx and 4xx answers.
            buffer.writeStaticString("Date: ")
            buffer.writeString(date)
            buffer.writeStaticString("\r\n")
        }
        if let connection {
            buffer.writeStaticString("Connection: ")
            buffer.writeString(connection)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
    }
}
