import ArgumentParser

@main
struct Apus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "A real-time push server: one hub, every transport, every client.",
        subcommands: [Serve.self, Cert.self, Publish.self, Subscribe.self, History.self]
    )
}
