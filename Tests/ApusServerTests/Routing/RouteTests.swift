import ApusTestSupport
import ApusCore
import HTTPTypes
import Testing

@testable import ApusServer

@Suite struct RouteTests {
    private func route(_ target: String, limit: Int = 16) throws(ApusError) -> Route {
        try Route(RequestTarget(target), limit: limit)
    }

    private func code(_ target: String, limit: Int = 16) -> ApusError.Code? {
        do throws(ApusError) {
            _ = try route(target, limit: limit)
            return nil
        } catch {
            return error.code
        }
    }

    private func names(_ target: String) throws -> [String] {
        guard case .channels(let list) = try route(target) else { return [] }
        return list.names.map(\.rawValue)
    }

    @Test func channelsAreNamedBySegment() throws {
        #expect(try names("/channels/news") == ["news"])
        #expect(try names("/channels/a,b,c?since=now") == ["a", "b", "c"])
        #expect(try names("/channels/b,a") == ["b", "a"])
        #expect(try names("http://example.com:80/channels/a") == ["a"])
        #expect(try names("HTTPS://example.com/channels/a?x") == ["a"])
    }

    @Test func namesAreSplitBeforeTheyAreDecoded() throws {
        #expect(try names("/channels/a%2Cb,c") == ["a,b", "c"])
        #expect(try names("/channels/a%2fb") == ["a/b"])
        #expect(try names("/channels/a%25b+c") == ["a%b+c"])
        #expect(try names("/channels/%61") == ["a"])
        #expect(try names("/channels/...") == ["..."])
    }

    @Test func historyIsOfOneChannel() throws {
        #expect(try route("/channels/a/history") == .history(ChannelName("a")))
        #expect(try route("/channels/history/history?limit=1") == .history(ChannelName("history")))
        #expect(code("/channels/a,b/history") == .invalidChannel)
    }

    @Test func presenceIsOfOneChannel() throws {
        #expect(try route("/channels/a/presence") == .presence(ChannelName("a")))
        #expect(code("/channels/a,b/presence") == .invalidChannel)
        #expect(code("/channels/a/presents") == .notFound)
    }

    @Test func sessionsHaveTheirPaths() throws {
        for resource in SessionResource.allCases {
            #expect(try route(resource.rawValue + "?x=1") == .session(resource))
        }
        #expect(try route("/connection/sse").methods == [.get, .post, .options])
        #expect(try route("/emulation").methods == [.post, .options])
        guard case .page = try route("/connection/other") else {
            Issue.record("no page")
            return
        }
    }

    @Test func otherRoutesAreFound() throws {
        #expect(try route("/echo") == .echo)
        #expect(try route("/wire/head") == .wireHead)
        #expect(try route("*") == .server)
        guard case .page(let root) = try route("/") else {
            Issue.record("no page")
            return
        }
        #expect(root.segments.isEmpty && root.isFolder && root.key.isEmpty)
        guard case .page(let page) = try route("/assets/a%20b.js?v=1") else {
            Issue.record("no page")
            return
        }
        #expect(page.key == "assets/a b.js" && !page.isFolder)
        guard case .page(let authorityOnly) = try route("http://example.com") else {
            Issue.record("no page")
            return
        }
        #expect(authorityOnly.segments.isEmpty)
    }

    @Test(arguments: [
        "/channels/,", "/channels/a,", "/channels/,a", "/channels/a,,b", "/channels/a,a", "/channels/a,%61",
        "/channels/%", "/channels/%4", "/channels/%zz", "/channels/%+1", "/channels/%00", "/channels/%20",
        "/channels/%C3%A4", "/channels/%FF", "/channels/..", "/channels/.", "/channels/%2e%2E", "/channels/../history",
        "/channels/\(String(repeating: "a", count: 256))",
    ])
    func badNamesAreInvalidChannels(target: String) {
        #expect(code(target) == .invalidChannel)
    }

    @Test(arguments: [
        "/channels", "/channels/", "/channels//", "/channels//history", "/channels/a/", "/channels/a/History",
        "/channels/a/history/", "/channels/a/history/x", "/channels/a/b",
        "//", "//evil.example", "/a//b", "/a//", "/..", "/../etc/passwd", "/a/../b", "/./a", "/%2e%2e/a", "/.%2E/a",
        "/.git/config", "/a/.env", "/a%2Fb", "/a%5cb", "/a\\b", "/\\evil.example", "/a%00", "/a%0d%0a", "/%", "/%f",
        "/%C0%AE%C0%AE/",
        "/%FF", "/a%7f", "/%C2%85", "/\(String(repeating: "a", count: 256))", String(repeating: "/a", count: 17),
    ])
    func pathsThatNothingHasAreNotFound(target: String) {
        #expect(code(target) == .notFound)
    }

    @Test(arguments: [
        "", "a", "?a", "**", "*?a", "/a b", "/a\r\n", "/a#b", "/ä", "/\0", "example.com:80", "ftp://a/b", "http:/a",
        "/" + String(repeating: "a", count: RequestTarget.maximumLength),
    ])
    func otherTargetsAreBadRequests(target: String) {
        #expect(code(target) == .badRequest)
    }

    @Test func theNumberOfChannelsIsLimited() throws {
        #expect(code("/channels/a,b,c", limit: 3) == nil)
        #expect(code("/channels/a,b,c,d", limit: 3) == .invalidChannel)
        let many = (0..<17).map { "c\($0)" }.joined(separator: ",")
        #expect(code("/channels/\(many)") == .invalidChannel)
        #expect(try names("/channels/\(many.dropLast(4))").count == 16)
    }

    @Test func absoluteFormTellsItsAuthority() throws {
        let target = try RequestTarget("http://[::1]:8080/a?b?c")
        #expect(target.authority == "[::1]:8080")
        #expect(target.path == "/a")
        #expect(target.query == "b?c")
        #expect(try RequestTarget("/a?").query == "")
        #expect(try RequestTarget("/a").query == nil)
    }

    @Test func methodsAreTheResourcesOwn() throws {
        #expect(try route("/channels/a").methods == [.get, .head, .post, .delete, .options])
        #expect(try route("/channels/a,b").methods == [.get, .options])
        #expect(try route("/channels/a/history").methods == [.get, .options])
        #expect(try route("/a").methods == [.get, .head, .options])
        try route("/channels/a").check(.post)
        #expect(throws: ApusError.self) { try route("/channels/a,b").check(.post) }
        #expect(throws: ApusError.self) { try route("/echo").check(.put) }
    }

    @Test func anyBytesAreReadOrRefused() {
        var generator = SeededGenerator(seed: 1)
        let pieces = [
            "/", "channels", "history", "%", "%2", "%2F", "%2e", "..", ".", ",", "a", "\\", "?", "&", "=", "http://",
            "*",
            "é", "\0", "%00", "%FF", "+", "#", "echo", "%25",
        ]
        var accepted = 0
        for _ in 0..<5_000 {
            var target = generator.next(below: 4) == 0 ? "" : "/"
            for _ in 0..<generator.next(below: 12) { target += pieces[generator.next(below: pieces.count)] }
            guard let found = try? route(target) else { continue }
            accepted += 1
            switch found {
            case .channels(let list): #expect((1...16).contains(list.names.count))
            case .page(let path):
                #expect(
                    path.segments.allSatisfy {
                        !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") && !$0.contains("\\")
                    }
                )
            case .history, .presence, .session, .echo, .wireHead, .server: break
            }
        }
        #expect(accepted > 100)
    }
}
