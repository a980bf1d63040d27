import ApusClient
import ApusCore
import ArgumentParser
import NIOCore

/// `apus publish`
struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publish a message, or one for each line.",
        discussion: """
            The message comes from --data, a file, or standard input. Without --type the server takes valid UTF-8 for \
            text and everything else for bytes. Prints the message's position and how many subscribers there are.

            Examples:
              apus publish news --data 'Hello'
              apus publish board quote.json --type application/json --event quote
              echo '{"temperature":21}' | apus publish weather --type application/json
              tail -f /var/log/syslog | apus publish log --lines --quiet

            Exit codes: 0 published; 1 the server can't be reached or refused, or the input can't be read; 64 usage.
            """
    )

    @Argument(help: "The channel's name.")
    var channel: String

    @Argument(help: "A file with the message; - is standard input (the default).", completion: .file())
    var file: String?

    @OptionGroup var server: ServerOption

    @Option(help: ArgumentHelp("The message itself, instead of a file.", valueName: "text"))
    var data: String?

    @Option(
        help: ArgumentHelp("The message's content type, for example application/json.", valueName: "type"),
        completion: .list(["text/plain", "application/json", "application/octet-stream", "image/png", "image/jpeg"])
    )
    var type: String?

    @Option(help: ArgumentHelp("The event's name.", valueName: "name"))
    var event: String?

    @Option(help: ArgumentHelp("The message's id: a second message with it is not published again.", valueName: "id"))
    var id: String?

    @Flag(help: "Publish each line that is not empty as a message, in order.")
    var lines = false

    @Option(help: ArgumentHelp("The longest line, or the largest message.", valueName: "bytes"))
    var lineBytes = 16 << 20

    @Flag(help: "Print the server's answers as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        if data != nil, file != nil { throw ValidationError("Give either --data or a file, not both.") }
        if lines, id != nil { throw ValidationError("--id names one message; it can't go with --lines.") }
        guard (1...(1 << 30)).contains(lineBytes) else {
            throw ValidationError("--line-bytes is \(lineBytes); it must be from 1 to \(1 << 30).")
        }
        _ = try ChannelArgument.one(channel)
        _ = try contentType
    }

    func run() async throws {
        let client = try server.client()
        let publisher = Publisher(
            client: client,
            channel: try ChannelArgument.one(channel),
            contentType: try contentType,
            event: event,
            id: id
        )
        do {
            if let data {
                try await publish(data: data, with: publisher)
            } else {
                try await publish(try InputFile(path: file ?? "-"), with: publisher)
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private var contentType: ContentType? {
        get throws {
            guard let type else { return nil }
            do {
                return try ContentType(type)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }

    private func publish(data: String, with publisher: Publisher) async throws {
        var input = InputLines(maximumBytes: lineBytes)
        guard lines else {
            try report(try await publisher.publish(ByteBuffer(string: data)))
            return
        }
        input.append(ByteBuffer(string: data))
        while let line = try input.next(isEnd: true) { try report(try await publisher.publish(line)) }
    }

    private func publish(_ file: InputFile, with publisher: Publisher) async throws {
        guard lines else {
            try report(try await publisher.publish(try file.readAll(limit: lineBytes)))
            return
        }
        var input = InputLines(maximumBytes: lineBytes)
        while let piece = try file.read() {
            input.append(piece)
            while let line = try input.next(isEnd: false) { try report(try await publisher.publish(line)) }
        }
        while let line = try input.next(isEnd: true) { try report(try await publisher.publish(line)) }
    }

    private func report(_ receipt: PublishReceipt) throws {
        guard !quiet else { return }
        if json {
            try StandardOutput.write(MessageLine.json(receipt))
        } else {
            try StandardOutput.write(line: MessageLine.words(receipt))
        }
    }
}

/// One channel, and what all messages to it have in common.
private struct Publisher {
    let client: ChannelClient
    let channel: ChannelName
    let contentType: ContentType?
    let event: String?
    let id: String?

    func publish(_ data: ByteBuffer) async throws -> PublishReceipt {
        try await client.publish(data, contentType: contentType, event: event, id: id, to: channel)
    }
}
