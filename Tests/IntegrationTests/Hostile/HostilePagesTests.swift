import ApusServer
import ApusTestSupport
import Foundation
import Testing

/// Ways out of the pages' folder.
@Suite("Hostile: pages")
struct HostilePagesTests {
    @Test("no path leads out of the folder, or to what it hides")
    func traversal() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("apus-\(UUID().uuidString)")
        let pages = root.appendingPathComponent("pages")
        try FileManager.default.createDirectory(
            at: pages.appendingPathComponent(".git"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: root) }
        try Data("secret".utf8).write(to: root.appendingPathComponent("secret.txt"))
        try Data("secret".utf8).write(to: pages.appendingPathComponent(".git/config"))
        try Data("secret".utf8).write(to: pages.appendingPathComponent(".env"))
        try Data("page".utf8).write(to: pages.appendingPathComponent("page.txt"))
        try FileManager.default.createSymbolicLink(
            atPath: pages.appendingPathComponent("out.txt").path,
            withDestinationPath: "../secret.txt"
        )
        try FileManager.default.createSymbolicLink(
            atPath: pages.appendingPathComponent("up").path,
            withDestinationPath: ".."
        )
        try await withServer({ $0.pagesFolder = pages.path }) { server in
            let page = try await HTTPClient.once(port: server.port, "GET", "/page.txt")
            #expect(page.status == 200)
            #expect(page.text == "page")
            let targets = [
                "/../secret.txt", "/pages/../../secret.txt", "/%2e%2e/secret.txt", "/%2E%2E/secret.txt",
                "/.%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt",
                "/%252e%252e/secret.txt", "/x/../../secret.txt", "//secret.txt", "/./page.txt", "/page.txt%00.html",
                "/%00", "/page.txt/", "/page.txt/..", "/out.txt", "/up/secret.txt", "/.env",
                "/.git/config", "/%2egit/config", "/%2eenv", "/..;/secret.txt", "/%c0%ae%c0%ae/secret.txt",
                "/\(root.path)/secret.txt", "/%2f\(root.path.dropFirst())/secret.txt",
                "/" + String(repeating: "a/", count: 1_000), "/" + String(repeating: "a", count: 300),
            ]
            for target in targets {
                let answer = try await HTTPClient.once(port: server.port, "GET", target)
                #expect([400, 404].contains(answer.status), "\(target) is answered \(answer.status)")
                #expect(
                    !answer.text.contains("secret\n") && answer.text != "secret" && answer.text != "page",
                    "\(target)"
                )
            }
            try await server.expectAlive()
        }
    }
}
