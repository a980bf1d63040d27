package import NIOCore

/// What a close frame says (RFC 6455 §5.5.1).
package struct WebSocketClosePayload: Hashable, Sendable {
    /// nil: the frame is empty, which means 1005 to an application (RFC 6455 §7.1.5).
    package let code: WebSocketCloseCode?
    package let reason: String

    /// How long a reason may be, in bytes of UTF-8: a control frame less the code.
    package static let maximumReasonBytes = WebSocketOpcode.maximumControlBytes - 2

    /// - Parameter reason: cut where it gets too long, between two scalars.
    package init(code: WebSocketCloseCode?, reason: String = "") {
        self.code = code
        self.reason = code == nil ? "" : Self.cut(reason)
    }

    /// Reads a close frame's payload.
    package init(reading payload: ByteBuffer) throws(WebSocketViolation) {
        var payload = payload
        guard payload.readableBytes > 0 else {
            self.init(code: nil)
            return
        }
        guard let number = payload.readInteger(as: UInt16.self) else { throw .shortClosePayload }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isAllowedInFrame else { throw .closeCode(number) }
        guard let reason = String(validating: payload.readableBytesView, as: UTF8.self) else {
            throw .closeReasonNotUTF8
        }
        self.init(code: code, reason: reason)
    }

    /// The payload's bytes.
    package var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        if let code {
            buffer.writeInteger(code.rawValue)
            buffer.writeString(reason)
        }
        return buffer
    }

    private static func cut(_ reason: String) -> String {
        let bytes = reason.utf8
        guard bytes.count > maximumReasonBytes else { return reason }
        var end = bytes.index(bytes.startIndex, offsetBy: maximumReasonBytes)
        // Back to the first byte of a scalar.
        while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 {
            end = bytes.index(before: end)
        }
        return String(reason[..<end])
    }
}
