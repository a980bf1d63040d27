/// A message's media type (RFC 9110 §8.3.1), with what it means for framing.
public struct ContentType: Hashable, Sendable, CustomStringConvertible {
    /// How data of a type travels inside framings that are text themselves.
    public enum Kind: Hashable, Sendable {
        /// One JSON value (RFC 8259): `application/json`, `*+json`.
        case json
        /// UTF-8 text: `text/*`, `*+xml`, and the like.
        case text
        /// Anything else, coded as base64 where bytes can't stand.
        case binary
    }

    /// The longest content type, in bytes.
    public static let maximumLength = 255

    /// `application/json`
    public static let json = ContentType(unchecked: "application/json", kind: .json)
    /// `text/plain;charset=utf-8`
    public static let text = ContentType(unchecked: "text/plain;charset=utf-8", kind: .text)
    /// `application/octet-stream`
    public static let binary = ContentType(unchecked: "application/octet-stream", kind: .binary)

    /// The type as its publisher wrote it.
    public let rawValue: String
    /// How it travels.
    public let kind: Kind

    /// Checks a media type: `type/subtype` and parameters of visible ASCII, spaces and tabs.
    ///
    /// - Throws: `ApusError` with code `invalidMessage`.
    public init(_ rawValue: some StringProtocol) throws(ApusError) {
        if rawValue == Self.json.rawValue {
            self = .json
            return
        }
        if rawValue == Self.text.rawValue {
            self = .text
            return
        }
        let essence = rawValue.prefix { $0 != ";" }.lowercasedASCII()
        let parts = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard rawValue.utf8.count <= Self.maximumLength, parts.count == 2, parts.allSatisfy(Self.isToken),
            rawValue.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
        else {
            throw ApusError(
                .invalidMessage,
                "'\(rawValue.prefix(64))' is no content type; write it as type/subtype, for example text/plain."
            )
        }
        self.rawValue = String(rawValue)
        kind = Self.kind(type: parts[0], subtype: parts[1])
    }

    private init(unchecked rawValue: String, kind: Kind) {
        self.rawValue = rawValue
        self.kind = kind
    }

    /// The type without parameters, in lower case: `text/plain`.
    public var essence: String {
        rawValue.prefix { $0 != ";" }.lowercasedASCII()
    }

    /// The text form.
    public var description: String { rawValue }

    private static func kind(type: Substring, subtype: Substring) -> Kind {
        if type == "application", subtype == "json" { return .json }
        if subtype.hasSuffix("+json") { return .json }
        if type == "text" || subtype.hasSuffix("+xml") { return .text }
        if type == "application", ["xml", "javascript", "ecmascript", "graphql", "sql", "yaml"].contains(subtype) {
            return .text
        }
        return .binary
    }

    /// RFC 9110 §5.6.2
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

extension StringProtocol {
    /// ASCII letters in lower case, without spaces at the ends; media types compare so (RFC 9110 §8.3.1).
    fileprivate func lowercasedASCII() -> String {
        var text = Substring(self)
        while text.last == " " || text.last == "\t" { text.removeLast() }
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        return text.lowercased()
    }
}
