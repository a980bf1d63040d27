package import NIOCore

/// A JSON value as it was written: checked, but not taken apart.
package struct JSONValue: Hashable, Sendable {
    /// RFC 8259 §3
    package enum Kind: Hashable, Sendable {
        case object, array, string, number, boolean, null
    }

    package let kind: Kind
    /// Its bytes, without white space around them.
    package let raw: ByteBuffer

    /// Only for bytes that `JSONScanner` has passed.
    init(kind: Kind, raw: ByteBuffer) {
        self.kind = kind
        self.raw = raw
    }

    /// A string's text, with U+FFFD for lone surrogates; nil for other kinds.
    package var string: String? {
        kind == .string ? JSONText.string(ofToken: raw) : nil
    }

    /// A string's text as UTF-8; nil for other kinds.
    package var utf8: ByteBuffer? {
        kind == .string ? JSONText.utf8(ofToken: raw) : nil
    }

    /// A number without fraction and exponent; nil for others, and for what 64 bits don't hold.
    package var integer: Int64? {
        kind == .number ? Int64(String(buffer: raw)) : nil
    }

    /// `true` or `false`; nil for other kinds.
    package var boolean: Bool? {
        kind == .boolean ? raw.readableBytesView.first == UInt8(ascii: "t") : nil
    }

    /// An object's members, in order.
    package func members(limit: Int = 64) throws(JSONError) -> [JSONMember] {
        guard kind == .object else { throw .expected(.object) }
        return try JSONScanner.members(of: raw, limit: limit)
    }

    /// An array's elements.
    package func elements(limit: Int) throws(JSONError) -> [JSONValue] {
        guard kind == .array else { throw .expected(.array) }
        return try JSONScanner.elements(of: raw, limit: limit)
    }
}
