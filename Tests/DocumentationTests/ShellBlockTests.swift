import ApusServer
import NIOCore
import Testing

/// That the check of shell blocks would notice what it is there for.
@Suite struct ShellBlockTests {
    private static let channel = "http://127.0.0.1:8000/channels/news"

    @Test func `a request that is refused fails the block`() async throws {
        let result = try await run("curl -d hello \(Self.channel)\ncurl \(Self.channel)?since=never")
        #expect(result.status != 0)
        #expect(result.output.contains("invalid-cursor"))
    }

    @Test func `a refused request in the middle ends the block`() async throws {
        let result = try await run("curl \(Self.channel)?since=never\necho later")
        #expect(result.status != 0)
        #expect(!result.output.contains("later"))
    }

    @Test func `a stream is cut, and the block goes on`() async throws {
        let result = try await run("curl -N '\(Self.channel)?transport=sse'\ncurl -d hello \(Self.channel)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("retry: 2000"))
        #expect(result.output.contains(#""subscribers":"#))
    }

    @Test func `the command is the one that was built`() async throws {
        let result = try await run("apus serve --help")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("--allow-origin"))
    }

    @Test func `a command that is unknown fails the block`() async throws {
        #expect(try await run("no-such-command").status == 127)
    }

    private func run(_ text: String, streamSeconds: Int = 8) async throws -> ShellBlock.Result {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = try await Server.start(configuration)
        let result: ShellBlock.Result
        do {
            result = try await ShellBlock(
                text: text,
                port: try #require(server.address.port),
                streamSeconds: streamSeconds
            ).run()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        return result
    }
}
