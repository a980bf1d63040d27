import ApusCore
import ApusWire
import NIOCore

/// JSON that an embedding program hands in.
enum SessionJSON {
    /// - Throws: `ApusError` with code `invalidMessage`.
    static func check(_ data: ByteBuffer) throws(ApusError) {
        try MessageBody.check(data, is: .json)
    }

    /// - Throws: `ApusError` with code `invalidMessage`.
    static func check(_ text: String?) throws(ApusError) {
        if let text { try check(ByteBuffer(string: text)) }
    }
}
