import ApusCore
import HTTPTypes
import NIOCore
import Testing

@testable import ApusServer

@Suite struct StaticFilesTests {
    private static let files: [EmbeddedFile] = [
        EmbeddedFile(path: "index.html", digest: "aa", body: .text("<h1>Apus</h1>\n")),
        EmbeddedFile(path: "chat.html", digest: "bb", body: .text("chat")),
        EmbeddedFile(path: "examples/index.html", digest: "cc", body: .text("examples")),
        EmbeddedFile(path: "examples/sse.html", digest: "dd", body: .text("sse")),
        EmbeddedFile(path: "assets/a b.js", digest: "ee", body: .text("1")),
        EmbeddedFile(path: "a b/index.html", digest: "ff", body: .text("folder")),
        EmbeddedFile(path: "dot.PNG", digest: "11", body: .base64("AP/+")),
        EmbeddedFile(path: "LICENSE", digest: "22", body: .text("")),
    ]

    private let pages = StaticFiles(BuiltInPages(Self.files))

    private func get(_ target: String, method: HTTPRequest.Method = .get, _ fields: HTTPFields = [:]) throws
        -> PageAnswer
    {
        let target = try RequestTarget(target)
        let path = try #require(PagePath(target.path))
        let request = HTTPRequest(
            method: method,
            scheme: nil,
            authority: nil,
            path: String(target.path),
            headerFields: fields
        )
        return try pages.answer(request, path: path, query: target.query)
    }

    private func text(_ target: String) throws -> String? {
        try get(target).body.map { String(buffer: $0) }
    }

    @Test func pathsFindTheirFiles() throws {
        #expect(try text("/") == "<h1>Apus</h1>\n")
        #expect(try text("/index.html") == "<h1>Apus</h1>\n")
        #expect(try text("/chat") == "chat")
        #expect(try text("/chat.html?x=1") == "chat")
        #expect(try text("/examples/") == "examples")
        #expect(try text("/examples/sse") == "sse")
        #expect(try text("/assets/a%20b.js") == "1")
        #expect(try text("/LICENSE")?.isEmpty == true)
        #expect(try get("/dot.PNG").body == ByteBuffer(bytes: [0x00, 0xFF, 0xFE]))
    }

    @Test(arguments: ["/x", "/chat/", "/chat.htm", "/assets", "/assets/", "/examples/x", "/chat.html/"])
    func otherPathsAreNotFound(target: String) {
        #expect(throws: ApusError.self) { try get(target) }
    }

    @Test func answersSayWhatTheyAre() throws {
        let fields = try get("/chat").headerFields
        #expect(fields[.contentType] == "text/html; charset=utf-8")
        #expect(fields[.contentLength] == "4")
        #expect(fields[.eTag] == "\"bb\"")
        #expect(fields[.cacheControl] == "no-cache")
        #expect(fields[.xContentTypeOptions] == "nosniff")
        #expect(fields[.referrerPolicy] == "same-origin")
        #expect(try get("/dot.PNG").headerFields[.contentType] == "image/png")
        #expect(try get("/LICENSE").headerFields[.contentType] == "application/octet-stream")
    }

    @Test func onlyExamplesHaveScriptsInThem() throws {
        let page = try #require(try get("/chat").headerFields[.contentSecurityPolicy])
        #expect(page.contains("script-src 'self';") && page.hasPrefix("default-src 'self'; img-src"))
        #expect(!page.contains("unsafe"))
        let example = try #require(try get("/examples/sse").headerFields[.contentSecurityPolicy])
        #expect(example.contains("script-src 'self' 'unsafe-inline';"))
    }

    @Test func headHasNoBodyButItsLength() throws {
        let answer = try get("/chat", method: .head)
        #expect(answer.body == nil)
        #expect(try answer.headerFields == get("/chat").headerFields)
    }

    @Test func whatTheClientHasIsNotSentAgain() throws {
        for tag in ["\"bb\"", "W/\"bb\"", "\"x\", \"bb\"", "*"] {
            let answer = try get("/chat", [.ifNoneMatch: tag])
            #expect(answer.status == .notModified)
            #expect(answer.body == nil)
            #expect(answer.headerFields[.eTag] == "\"bb\"")
            #expect(answer.headerFields[.contentLength] == nil)
        }
        #expect(try get("/chat", [.ifNoneMatch: "\"aa\""]).status == .ok)
    }

    @Test func foldersAreNamedWithASlash() throws {
        let answer = try get("/examples?a=%20")
        #expect(answer.status == .permanentRedirect)
        #expect(answer.headerFields[.location] == "/examples/?a=%20")
        #expect(try get("/%61%20b").headerFields[.location] == "/a%20b/")
    }
}
