import Testing

@Suite struct MarkdownDocumentTests {
    @Test func `blocks have their language, line and text`() throws {
        let document = MarkdownDocument(path: "a.md", text: "# A\n\n```sh\none\n\ntwo\n```\n\n```\nthree\n```\n")
        #expect(document.blocks.map(\.language) == ["sh", ""])
        #expect(document.blocks.map(\.line) == [3, 9])
        #expect(document.blocks.map(\.text) == ["one\n\ntwo", "three"])
    }

    @Test func `a block that is not closed reaches to the end`() {
        let document = MarkdownDocument(path: "a.md", text: "```json\n{}")
        #expect(document.blocks.map(\.text) == ["{}"])
    }

    @Test func `links to files are found, others and pictures are not`() {
        let text = """
            [a](b.md#c) [d](https://example.org) ![e](f.png) [g](#h)
            [i](../j.md)
            """
        #expect(MarkdownDocument(path: "a.md", text: text).links == ["b.md", "../j.md"])
    }

    @Test func `a snippet is compared word for word, whatever its indentation`() throws {
        let compiled = try CompiledSnippets()
        let status = """
            let status = try hub.status(of: orders)
            print(status.position, status.messages, status.bytes, status.subscribers)
            """
        #expect(compiled.contain(status))
        #expect(compiled.contain("import ApusHub\n\n" + status))
        #expect(!compiled.contain("import Nothing\n\n" + status))
        #expect(!compiled.contain(status.replacing("bytes", with: "octets")))
    }

    @Test func `all documents are found`() throws {
        let paths = try MarkdownDocument.all().map(\.path)
        for path in ["README.md", "docs/transports.md", "spec/channels.md", "Sources/ApusHub/ApusHub.docc/ApusHub.md"] {
            #expect(paths.contains(path))
        }
    }

    @Test(.enabled(if: JavaScriptCheck.isPossible, "node is not installed"))
    func `what is no JavaScript is refused`() throws {
        #expect(try JavaScriptCheck.errors(in: "const a = ;").contains("SyntaxError"))
        #expect(try JavaScriptCheck.errors(in: "const a = await fetch('/');").isEmpty)
    }
}
