public import ApusClient
public import ArgumentParser

/// `--transport`
extension ChannelTransport: ExpressibleByArgument {
    /// A transport by its name in `spec/channels.md` §4.
    public init?(argument: String) { self.init(rawValue: argument) }

    /// The name, as help shows it.
    public var defaultValueDescription: String { rawValue }

    /// All names.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
