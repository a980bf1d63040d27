import ApusClient
import ApusCore
import ArgumentParser
import NIOCore

/// `apus history`
struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a channel retains.",
        discussion: """
            Examples:
              apus history news
              apus history news --reverse --limit 1
              apus history news --since k3f9zq-12 --json

            Exit codes: 0 printed; 1 the server can't be reached or refused; 64 usage.
            """
    )

    @Argument(help: "The channel's name.")
    var channel: String

    @OptionGroup var server: ServerOption

    @Option(help: ArgumentHelp("Where to begin: start, now, or a cursor.", valueName: "cursor"))
    var since: String?

    @Option(help: ArgumentHelp("The most messages, 1 to 1000.", valueName: "number"))
    var limit = 100

    @Flag(help: "The newest first.")
    var reverse = false

    @Flag(help: "Print messages as JSON, one object a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "No words on standard error but errors.")
    var quiet = false

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit is \(limit); it must be from 1 to 1000.")
        }
        _ = try ChannelArgument.one(channel)
        _ = try place
    }

    func run() async throws {
        let client = try server.client()
        let name = try ChannelArgument.one(channel)
        do {
            let history = try await client.history(of: name, since: try place, limit: limit, reverse: reverse)
            try print(history, of: name)
        } catch {
            throw CommandFailure(error)
        }
    }

    private var place: Since? {
        get throws {
            guard let since else { return nil }
            do {
                return try Since(since)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }

    private func print(_ history: ChannelHistory, of channel: ChannelName) throws {
        if let gap = history.gap, !quiet {
            StandardOutput.note(
                MessageLine.words(ChannelGap(cursor: Cursor(history.head), channel: channel, gap: gap))
            )
        }
        for message in history.messages {
            try StandardOutput.write(
                json ? MessageLine.json(message) : MessageLine.plain(message, channel: false, raw: false)
            )
        }
        guard !quiet, history.hasMore, let last = history.messages.last else { return }
        StandardOutput.note("there is more: --since \(last.cursor)")
    }
}
