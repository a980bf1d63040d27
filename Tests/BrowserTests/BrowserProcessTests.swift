import ApusTestSupport
import Foundation
import Testing

/// What must hold however a test ends: no process and no folder is left.
@Suite struct BrowserProcessTests {
    @Test func withoutABrowserTheRemedyIsNamed() {
        let missing = #expect(throws: BrowserExecutable.Missing.self) {
            try BrowserExecutable.find(in: ["PATH": "/nowhere"])
        }
        #expect(missing?.description.contains("scripts/bootstrap --tests") == true)
        #expect(throws: BrowserExecutable.Missing.self) {
            try BrowserExecutable.find(in: ["APUS_BROWSER": "/nowhere/chromium", "PATH": "/usr/bin"])
        }
    }

    @Test func aKilledBrowserFailsWhatIsAwaitedAndLeavesNothing() async throws {
        let process = try BrowserProcess.start()
        let connection = DevToolsConnection(socket: process.socket)
        try await connection.call("Browser.getVersion", within: .seconds(60))
        process.kill()
        try await process.ended.next("the browser's end")
        await #expect(throws: (any Error).self) { try await connection.call("Browser.getVersion") }
        try await process.removeProfile()
        #expect(try Self.processes(naming: process.profile.path).isEmpty)
    }

    @Test func aBrowserThatIsHungUpOnEnds() async throws {
        let process = try BrowserProcess.start()
        let connection = DevToolsConnection(socket: process.socket)
        try await connection.call("Browser.getVersion", within: .seconds(60))
        connection.hangUp()
        try await process.ended.next("the browser's end")
        try await process.removeProfile()
        #expect(try Self.processes(naming: process.profile.path).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: process.profile.path))
    }

    /// The running processes with this text in their command line. Those that are dead, but not reaped, have none.
    private static func processes(naming text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") else { return false }
            return Int32(entry) != nil && String(decoding: bytes, as: UTF8.self).contains(text)
        }
    }
}
