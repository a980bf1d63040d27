import ApusCore
import ArgumentParser

/// Channels' names on the command line.
enum ChannelArgument {
    /// One name, exactly as it stands.
    static func one(_ text: String) throws -> ChannelName {
        do {
            return try ChannelName(text)
        } catch {
            throw ValidationError("'\(text)': \(error.message)")
        }
    }

    /// Names separated by commas.
    static func list(_ text: String) throws -> [ChannelName] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { try one(String($0)) }
    }
}
