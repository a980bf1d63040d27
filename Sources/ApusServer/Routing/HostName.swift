import ApusCore

/// The host of an authority, in one form for comparison: a name in lower case, or an address (RFC 3986 §3.2.2).
package struct HostName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes (RFC 1035 §2.3.4).
    package static let maximumLength = 253

    private enum Form: Hashable {
        case name(String)
        case version4([UInt8])
        /// Eight groups of 16 bits, so that all spellings of an address are equal.
        case version6([UInt16])
    }

    private let form: Form

    /// Reads a name, an IPv4 address or an IPv6 address in brackets; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]"), let groups = Self.version6(text.dropFirst().dropLast()) else {
                return nil
            }
            form = .version6(groups)
            return
        }
        if let bytes = Self.version4(text) {
            form = .version4(bytes)
            return
        }
        // The full stop at the end of an absolute name is the same name (RFC 3986 §3.2.2).
        let name = text.utf8.last == UInt8(ascii: ".") ? String(text.dropLast()) : String(text)
        guard (1...Self.maximumLength).contains(name.utf8.count), name.utf8.allSatisfy(Self.isNameByte),
            name.utf8.first != UInt8(ascii: ".")
        else { return nil }
        form = .name(name.lowercased())
    }

    /// Whether only this machine answers to it: `localhost`, names below it (RFC 6761 §6.3), 127.0.0.0/8 (RFC 1122
    /// §3.2.1.3), `::1` (RFC 4291 §2.5.3) and the former within the latter's space.
    package var isLoopback: Bool {
        switch form {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        case .version4(let bytes): bytes.first == 127
        case .version6(let groups):
            groups == [0, 0, 0, 0, 0, 0, 0, 1]
                || (groups.prefix(6) == [0, 0, 0, 0, 0, 0xFFFF] && groups[6] >> 8 == 127)
        }
    }

    /// Whether it is an address and not a name that the DNS could point anywhere.
    package var isAddress: Bool {
        switch form {
        case .name: false
        case .version4, .version6: true
        }
    }

    /// Four or sixteen bytes in network order; nil for a name.
    package var addressBytes: [UInt8]? {
        switch form {
        case .name: nil
        case .version4(let bytes): bytes
        case .version6(let groups): groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }

    /// The text form, with brackets around an IPv6 address.
    package var description: String {
        switch form {
        case .name(let name): name
        case .version4(let bytes): bytes.map { String($0) }.joined(separator: ".")
        case .version6(let groups): "[" + groups.map { String($0, radix: 16) }.joined(separator: ":") + "]"
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(atByte: UInt8(ascii: "."))
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.count <= 3, let number = DecimalNumber.read(part), let byte = UInt8(exactly: number) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291 §2.2: groups, one `::`, perhaps an IPv4 address at the end. Zones are not for URLs (RFC 6874 is
    /// obsolete) and are refused.
    private static func version6(_ text: Substring) -> [UInt16]? {
        guard text.utf8.count <= 45 else { return nil }
        let halves = Self.halves(text)
        guard let front = groups(halves.front, endsAddress: halves.back == nil) else { return nil }
        guard let rest = halves.back else { return front.count == 8 ? front : nil }
        guard let back = groups(rest, endsAddress: true) else { return nil }
        let missing = 8 - front.count - back.count
        guard missing >= 1 else { return nil }
        return front + Array(repeating: 0, count: missing) + back
    }

    private static func halves(_ text: Substring) -> (front: Substring, back: Substring?) {
        var previous: Substring.Index?
        for index in text.indices {
            if text[index] == ":", let before = previous, text[before] == ":" {
                return (text[..<before], text[text.index(after: index)...])
            }
            previous = index
        }
        return (text, nil)
    }

    private static func groups(_ text: Substring, endsAddress: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if endsAddress, index == parts.count - 1, let bytes = version4(part) {
                groups.append(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
                groups.append(UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ isHexadecimal($0) }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
