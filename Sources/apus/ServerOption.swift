import ApusClient
import ArgumentParser
import Configuration

/// `--server`, for the commands that talk to one.
struct ServerOption: ParsableArguments {
    static let standard = "http://127.0.0.1:8000"

    @Option(
        help: ArgumentHelp(
            "Where the server is (default: the environment's APUS_SERVER, or \(standard)).",
            valueName: "url"
        )
    )
    var server: String?

    /// The URL that counts: the option's, the environment's, the default.
    var url: String {
        server ?? ConfigReader(provider: EnvironmentVariablesProvider()).string(forKey: "apus.server") ?? Self.standard
    }

    /// - Throws: `ValidationError` for a URL that is none, since that is a matter of usage.
    func client(limits: ClientLimits = ClientLimits()) throws -> ChannelClient {
        do {
            return try ChannelClient(url, limits: limits)
        } catch {
            throw ValidationError(error.message)
        }
    }
}
