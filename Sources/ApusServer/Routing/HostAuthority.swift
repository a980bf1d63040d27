/// `host[:port]`, as in `Host` (RFC 9110 §7.2).
package struct HostAuthority: Hashable, Sendable {
    /// The host.
    package let host: HostName
    /// The port, where it is written.
    package let port: UInt16?

    /// Reads the text form; nil for anything else, also with user information.
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        let hostEnd: Substring.Index
        if text.utf8.first == UInt8(ascii: "[") {
            guard let bracket = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = text.utf8.index(after: bracket)
        } else {
            hostEnd = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        }
        guard let host = HostName(text[..<hostEnd]) else { return nil }
        self.host = host
        let rest = text[hostEnd...]
        // An empty port is the default one (RFC 3986 §3.2.3).
        guard rest.utf8.count > 1 else {
            guard rest.isEmpty || rest == ":" else { return nil }
            port = nil
            return
        }
        guard rest.utf8.first == UInt8(ascii: ":"), let number = DecimalNumber.read(rest.dropFirst()),
            let port = UInt16(exactly: number)
        else { return nil }
        self.port = port
    }
}
