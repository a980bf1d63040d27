package import ApusCore

/// The channels that one request names: different ones, in its order, which is the order of its cursor's positions.
package struct ChannelList: Hashable, Sendable, CustomStringConvertible {
    /// How many channels a request may name unless the configuration says otherwise.
    package static let defaultLimit = 16

    /// One or more names.
    package let names: [ChannelName]

    /// Reads one path segment as it came: names, percent-encoded, separated by commas.
    ///
    /// It is split before it is decoded, so that `%2C` is a comma within a name (`spec/channels.md` §1).
    ///
    /// - Throws: `ApusError` with code `invalidChannel`.
    package init(segment: Substring, limit: Int = defaultLimit) throws(ApusError) {
        var names: [ChannelName] = []
        var seen: Set<ChannelName> = []
        for part in segment.split(atByte: UInt8(ascii: ",")) {
            guard names.count < limit else {
                throw ApusError(.invalidChannel, "More than \(limit) channels in one request; ask for fewer.")
            }
            guard let decoded = PercentDecoding.decode(part) else {
                throw ApusError(
                    .invalidChannel,
                    "'\(part.prefix(64))' is not percent-encoded UTF-8; write '%' as %25."
                )
            }
            let name = try ChannelName(decoded)
            guard seen.insert(name).inserted else {
                throw ApusError(.invalidChannel, "'\(name.rawValue.prefix(64))' is named twice; name it once.")
            }
            names.append(name)
        }
        self.names = names
    }

    /// A list of one.
    package init(_ name: ChannelName) {
        names = [name]
    }

    /// The name, when there is only one.
    package var single: ChannelName? {
        names.count == 1 ? names.first : nil
    }

    /// For logs: the names with commas between.
    package var description: String {
        names.lazy.map(\.rawValue).joined(separator: ",")
    }
}
