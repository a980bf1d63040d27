import ApusCore

/// The path and query of a request to a channel (`spec/channels.md` §1, §3, §4).
enum RequestTarget {
    /// `/channels/a,b?name=value`
    ///
    /// - Parameter resource: What stands below the channel, for example `/history`.
    static func channels(
        _ names: [ChannelName],
        resource: String = "",
        query: [(name: String, value: String)] = [],
        at address: ServerAddress
    ) -> String {
        let list = names.map { encode($0.rawValue) }.joined(separator: ",")
        let parameters = query.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
        return "\(address.pathPrefix)/channels/\(list)\(resource)" + (parameters.isEmpty ? "" : "?\(parameters)")
    }

    /// Everything but RFC 3986's unreserved characters is percent-encoded, so that no name is taken apart.
    private static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
