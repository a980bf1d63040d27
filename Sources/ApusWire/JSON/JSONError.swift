/// Why bytes are not the JSON that was asked for; offsets count bytes from 0.
package enum JSONError: Error, Hashable, CustomStringConvertible {
    /// The text stops within a value.
    case unexpectedEnd
    /// A byte that RFC 8259 doesn't allow in its place.
    case unexpectedByte(UInt8, offset: Int)
    /// Bytes in a string that are no UTF-8 (RFC 8259 §8.1).
    case invalidUTF8(offset: Int)
    /// More arrays and objects inside each other than `JSONScanner.maximumDepth`.
    case tooDeep(offset: Int)
    /// A value of another kind than the one that was asked for.
    case expected(JSONValue.Kind)
    /// More members or elements than the caller takes.
    case tooMany(limit: Int)

    package var description: String {
        switch self {
        case .unexpectedEnd: "the JSON text stops in the middle of a value"
        case .unexpectedByte(let byte, let offset):
            "unexpected \(Self.name(of: byte)) at byte \(offset) of the JSON text"
        case .invalidUTF8(let offset): "a string is not valid UTF-8 at byte \(offset) of the JSON text"
        case .tooDeep(let offset):
            "arrays and objects are more than \(JSONScanner.maximumDepth) levels deep at byte \(offset) of the JSON text"
        case .expected(let kind): "the JSON text is not of kind \(kind)"
        case .tooMany(let limit): "an array or object holds more than \(limit) values"
        }
    }

    /// Visible ASCII as itself, all else as a number, so that the text is safe wherever it is shown.
    private static func name(of byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    }
}
