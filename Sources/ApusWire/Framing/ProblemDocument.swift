package import ApusCore
package import NIOCore

/// An error as RFC 9457 has it (`spec/channels.md` §5).
package enum ProblemDocument {
    package static let contentType = "application/problem+json"

    /// The whole document.
    package static func append(_ error: ApusError, to buffer: inout ByteBuffer) {
        // Codes are words of ASCII letters and hyphens, so they need no escapes.
        buffer.writeStaticString("{\"type\":\"urn:apus:error:")
        buffer.writeString(error.code.rawValue)
        buffer.writeStaticString("\",\"title\":")
        JSONText.append(error.code.title, to: &buffer)
        buffer.writeStaticString(",\"status\":")
        JSONText.append(Int64(error.code.status), to: &buffer)
        buffer.writeStaticString(",\"detail\":")
        JSONText.append(error.message, to: &buffer)
        buffer.writeStaticString(",\"code\":")
        JSONText.append(error.code.rawValue, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }
}
