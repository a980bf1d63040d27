import ApusCore
import ApusServer
import Foundation
import NIOCore
import Testing

@Suite struct SnippetTests {
    /// What is done with a block of a kind: `text` is shown only, all others are checked by a test below.
    private static let languages: Set<String> = ["sh", "swift", "js", "json", "text"]

    @Test(arguments: try MarkdownDocument.all())
    func `every fenced block is of a kind that is checked, or text`(document: MarkdownDocument) {
        for block in document.blocks {
            #expect(Self.languages.contains(block.language), "\(block) is none of \(Self.languages.sorted())")
        }
    }

    @Test(arguments: try MarkdownDocument.blocks(of: "sh"))
    func `shell blocks do what they say`(block: MarkdownDocument.Block) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.publishesDemo = true
        let server = try await Server.start(configuration)
        do {
            let port = try #require(server.address.port)
            let result = try await ShellBlock(text: block.text, port: port).run()
            #expect(result.status == 0, "\(block): \(result.errors)\(result.output)")
            #expect(!result.output.isEmpty, "\(block) prints nothing")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test(arguments: try MarkdownDocument.blocks(of: "swift"))
    func `Swift blocks stand in a file that is compiled`(block: MarkdownDocument.Block) throws {
        let compiled = try CompiledSnippets()
        #expect(compiled.contain(block.text), "\(block) is not between the marks of Snippets.swift, word for word")
    }

    @Test(.enabled(if: JavaScriptCheck.isPossible, "node is not installed"), arguments: try javaScript())
    func `JavaScript blocks are valid modules`(block: MarkdownDocument.Block) throws {
        #expect(try JavaScriptCheck.errors(in: block.text) == "", "\(block)")
    }

    @Test(arguments: try MarkdownDocument.blocks(of: "json"))
    func `JSON blocks are valid JSON`(block: MarkdownDocument.Block) throws {
        #expect(throws: Never.self, "\(block)") {
            try JSONSerialization.jsonObject(with: Data(block.text.utf8), options: .fragmentsAllowed)
        }
    }

    @Test(arguments: try MarkdownDocument.all())
    func `links to files of the repository lead somewhere`(document: MarkdownDocument) {
        let folder = MarkdownDocument.root.appending(path: document.path).deletingLastPathComponent()
        for link in document.links {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: link).path), "\(document): \(link)")
        }
    }

    private static func javaScript() throws -> [MarkdownDocument.Block] {
        try MarkdownDocument.blocks(of: "js")
    }
}
