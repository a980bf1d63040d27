package import ApusCore
package import NIOCore

/// The rules for what is published as it stands (`spec/channels.md` §2).
package enum MessageBody {
    /// The type of a request's body, after a check that the body is what the type says.
    ///
    /// - Parameters:
    ///   - body: The bytes that are published.
    ///   - contentType: The header's value. Without one, and with the type of HTML forms, which curl gives to whatever it
    ///     sends, the body itself tells: text when it is UTF-8, binary when not.
    /// - Throws: `ApusError` with code `invalidMessage`.
    package static func contentType(of body: ByteBuffer, declared contentType: String?) throws(ApusError) -> ContentType
    {
        guard let contentType, !contentType.isEmpty else { return guess(body) }
        let type = try ContentType(contentType)
        guard type.essence != "application/x-www-form-urlencoded" else { return guess(body) }
        try check(body, is: type)
        return type
    }

    /// Checks that bytes are what their type says: one JSON value, or UTF-8 text.
    ///
    /// - Throws: `ApusError` with code `invalidMessage`.
    package static func check(_ body: ByteBuffer, is type: ContentType) throws(ApusError) {
        switch type.kind {
        case .json:
            do throws(JSONError) {
                try JSONScanner.validate(body)
            } catch {
                throw ApusError(
                    .invalidMessage,
                    "The data is no JSON, as \(type) must be: \(error). Send other text as text/plain.",
                    underlying: error
                )
            }
        case .text:
            guard isUTF8(body) else {
                throw ApusError(
                    .invalidMessage,
                    "The data is not valid UTF-8, as \(type) must be; send bytes as application/octet-stream."
                )
            }
        case .binary: break
        }
    }

    private static func guess(_ body: ByteBuffer) -> ContentType {
        isUTF8(body) ? .text : .binary
    }

    private static func isUTF8(_ body: ByteBuffer) -> Bool {
        body.withUnsafeReadableBytes { UTF8Sequence.isValid($0) }
    }
}
