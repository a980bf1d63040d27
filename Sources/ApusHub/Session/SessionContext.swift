import ApusCore
package import ApusWire

/// What all sessions of a server share.
package final class SessionContext: Sendable {
    package let hub: Hub
    package let configuration: SessionConfiguration
    package let hooks: SessionHooks
    package let registry = SessionRegistry()
    /// Which of several servers this is; clients name it when they send upstream.
    package let node: String
    package let parser: SessionCommandParser
    /// The server's name and version, as clients are told.
    let version: String

    package init(hub: Hub, configuration: SessionConfiguration, hooks: SessionHooks, version: String = "apus") {
        self.hub = hub
        self.configuration = configuration
        self.hooks = hooks
        self.version = version
        node = RandomID.secret()
        parser = SessionCommandParser(limits: configuration.limits)
    }
}

/// Names that nobody guesses.
enum RandomID {
    /// 128 random bits as 32 hexadecimal digits.
    static func secret() -> String {
        hexadecimal(.random(in: 0 ... .max)) + hexadecimal(.random(in: 0 ... .max))
    }

    /// A UUID of version 4 (RFC 9562 §5.4).
    static func uuid() -> String {
        let high = UInt64.random(in: 0 ... .max) & ~0xF000 | 0x4000
        let low = UInt64.random(in: 0 ... .max) & ~(0b11 << 62) | 0b10 << 62
        let digits = hexadecimal(high) + hexadecimal(low)
        var parts: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
