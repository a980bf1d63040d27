import ApusClient
import ApusCore
import ArgumentParser
import NIOCore
import UnixSignals

/// `apus subscribe`
struct Subscribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the messages of channels as they come.",
        discussion: """
            Text is printed as it is, one message a line; of binary messages, a note with type and size. Gaps and changes \
            of the connection go to standard error. A lost connection is made again, and reading goes on where it stood. \
            Ends after --count messages or with Ctrl-C, and prints the cursor from which --since goes on.

            Examples:
              apus subscribe news
              apus subscribe news,weather --transport sse --since start
              apus subscribe board --json | jq .data.price
              apus subscribe camera --raw --count 1 > picture.jpg
              apus subscribe news --since k3f9zq-12

            With 'apus --generate-completion-script bash' (or zsh, fish) a shell completes options and transports.

            Exit codes: 0 the messages have come, or Ctrl-C; 1 the server can't be reached at first, or refused; 64 usage.
            """
    )

    @Argument(help: "Channels' names, separated by commas.")
    var channels: String

    @OptionGroup var server: ServerOption

    @Option(help: "By which way to read.", completion: .list(ChannelTransport.allValueStrings))
    var transport = ChannelTransport.webSocket

    @Option(help: ArgumentHelp("Where to begin: start, now, or a cursor.", valueName: "cursor"))
    var since = "now"

    @Option(name: .shortAndLong, help: ArgumentHelp("End after so many messages.", valueName: "number"))
    var count: Int?

    @Flag(help: "Print messages and gaps as JSON, one object a line.")
    var json = false

    @Flag(help: "Print binary messages as they are, with nothing around them.")
    var raw = false

    @Flag(name: .shortAndLong, help: "No words on standard error but errors.")
    var quiet = false

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is \(count); it must be at least 1.") }
        if json, raw { throw ValidationError("Give either --json or --raw, not both.") }
        _ = try ChannelArgument.list(channels)
        _ = try place
    }

    func run() async throws {
        let names = try ChannelArgument.list(channels)
        var options = SubscriptionOptions()
        // A server that is not there is most likely a mistake in the address: say so at once.
        options.initialAttempts = 1
        if !quiet {
            let url = server.url
            options.onStateChange = { state in
                if let words = StateWords.of(state, server: url) { StandardOutput.note(words) }
            }
        }
        let client = try server.client()
        let subscription: ChannelSubscription
        do {
            subscription = try client.subscribe(to: names, since: try place, transport: transport, options: options)
        } catch let error as ClientError where error.code == .invalidArgument {
            throw ValidationError(error.message)
        }
        do {
            try await print(subscription, severalChannels: names.count > 1)
        } catch {
            throw CommandFailure(error)
        }
    }

    private var place: Since {
        get throws {
            do {
                return try Since(since)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }

    /// Prints until there have been enough messages, or a signal comes.
    private func print(_ subscription: ChannelSubscription, severalChannels: Bool) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let printing = Task { try await printMessages(of: subscription, severalChannels: severalChannels) }
        let waiting = Task {
            for await _ in signals {
                printing.cancel()
                return
            }
        }
        defer { waiting.cancel() }
        let cursor = try await printing.value
        if !quiet, let cursor { StandardOutput.note("resume with --since \(cursor)") }
    }

    /// - Returns: The last message's cursor.
    private func printMessages(
        of subscription: ChannelSubscription,
        severalChannels: Bool
    ) async throws -> Cursor? {
        var printed = 0
        var cursor: Cursor?
        for try await event in subscription {
            switch event {
            case .message(let message):
                try StandardOutput.write(
                    json
                        ? MessageLine.json(message)
                        : MessageLine.plain(message, channel: severalChannels, raw: raw)
                )
                printed += 1
            case .gap(let gap):
                if json { try StandardOutput.write(MessageLine.json(gap)) }
                if !quiet { StandardOutput.note(MessageLine.words(gap)) }
            }
            cursor = event.cursor
            if printed == count { break }
        }
        return cursor
    }
}

/// What people are told of the connection.
private enum StateWords {
    static func of(_ state: ConnectionState, server: String) -> String? {
        switch state {
        case .connecting: nil
        case .streaming: "connected to \(server)"
        case .waiting(let duration, let error):
            "\(error.message) Trying again in \(duration.formatted)."
        // An error is printed by the command itself.
        case .ended: nil
        }
    }
}

extension Duration {
    /// Seconds with one digit after the point.
    fileprivate var formatted: String {
        let tenths = (self / .milliseconds(100)).rounded(.up)
        return "\(Int(tenths) / 10).\(Int(tenths) % 10) s"
    }
}
