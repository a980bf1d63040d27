import ApusCore
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import ApusServer

@Suite struct FolderPagesTests {
    /// A folder with a neighbour whose name begins alike, removed after the test.
    private final class Place {
        let root: URL
        var pages: URL { root.appendingPathComponent("pages") }

        init() throws {
            root = FileManager.default.temporaryDirectory.appendingPathComponent("apus-\(UUID().uuidString)")
            for name in ["pages/sub", "pages-private"] {
                try FileManager.default.createDirectory(
                    at: root.appendingPathComponent(name),
                    withIntermediateDirectories: true
                )
            }
            try write("home", "pages/index.html")
            try write("inner", "pages/sub/index.html")
            try write("secret", "pages-private/index.html")
        }

        func write(_ text: String, _ path: String) throws {
            try Data(text.utf8).write(to: root.appendingPathComponent(path))
        }

        func link(_ path: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: root.appendingPathComponent(path).path,
                withDestinationPath: target
            )
        }

        deinit {
            try? FileManager.default.removeItem(at: root)
        }
    }

    @Test func filesAreRead() throws {
        let place = try Place()
        let pages = try FolderPages(place.pages.path)
        let page = try #require(try pages.page(at: ["index.html"]))
        #expect(String(buffer: page.bytes) == "home")
        #expect(page.contentType == "text/html; charset=utf-8")
        #expect(page.entityTag.hasPrefix("W/\""))
        #expect(try pages.page(at: ["sub", "index.html"]) != nil)
        for segments in [["none.html"], ["sub"], [], ["index.html", "index.html"]] {
            #expect(try pages.page(at: segments) == nil)
        }
    }

    @Test func theEntityTagChangesWithTheFile() throws {
        let place = try Place()
        let pages = try FolderPages(place.pages.path)
        let before = try #require(try pages.page(at: ["index.html"])).entityTag
        #expect(try pages.page(at: ["index.html"])?.entityTag == before)
        try place.write("home!", "pages/index.html")
        #expect(try pages.page(at: ["index.html"])?.entityTag != before)
    }

    @Test func linksDoNotLeadOut() throws {
        let place = try Place()
        try place.link("pages/inside.html", to: "sub/index.html")
        try place.link("pages/outside.html", to: "../pages-private/index.html")
        try place.link("pages/absolute.html", to: "/etc/passwd")
        try place.link("pages/folder", to: "../pages-private")
        try place.link("pages/loop.html", to: "loop.html")
        let pages = try FolderPages(place.pages.path)
        #expect(try pages.page(at: ["inside.html"]) != nil)
        for segments in [["outside.html"], ["absolute.html"], ["folder", "index.html"], ["loop.html"]] {
            #expect(try pages.page(at: segments) == nil, "\(segments)")
        }
        // PagePath lets none of these through; the folder does not depend on it.
        #expect(try pages.page(at: ["..", "pages-private", "index.html"]) == nil)
    }

    @Test func theFolderItselfMayBeALink() throws {
        let place = try Place()
        try place.link("alias", to: "pages")
        let pages = try FolderPages(place.root.appendingPathComponent("alias").path)
        #expect(try pages.page(at: ["index.html"]) != nil)
    }

    @Test func onlyRegularFilesBelowTheLimitAreRead() throws {
        let place = try Place()
        #expect(mkfifo(place.pages.appendingPathComponent("pipe.html").path, 0o600) == 0)
        let pages = try FolderPages(place.pages.path, maximumFileSize: 4)
        #expect(try pages.page(at: ["pipe.html"]) == nil)
        #expect(try pages.page(at: ["index.html"]) != nil)
        #expect(throws: ApusError.self) { try pages.page(at: ["sub", "index.html"]) }
    }

    @Test func aFolderIsNeeded() throws {
        let place = try Place()
        #expect(throws: ApusError.self) { try FolderPages(place.pages.appendingPathComponent("none").path) }
        #expect(throws: ApusError.self) { try FolderPages(place.pages.appendingPathComponent("index.html").path) }
    }

    @Test func requestsAreAnsweredFromIt() throws {
        let place = try Place()
        let files = try StaticFiles(FolderPages(place.pages.path))
        let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/sub")
        #expect(try files.answer(request, path: #require(PagePath("/sub"))).status == .permanentRedirect)
        #expect(try files.answer(request, path: #require(PagePath("/"))).status == .ok)
        #expect(throws: ApusError.self) { try files.answer(request, path: #require(PagePath("/none"))) }
    }
}
