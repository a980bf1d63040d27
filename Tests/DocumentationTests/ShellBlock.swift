import ApusTestSupport
import Foundation

/// Runs a block of shell commands as a reader would, against a server of the test's own.
struct ShellBlock {
    /// How a run ended.
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Where SwiftPM put what it built: the tests' own executable is there too.
    private static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    let text: String
    /// Where the server listens; documents say 8000.
    let port: Int
    /// What a stream is cut off after: it would never end by itself.
    var streamSeconds = 2

    /// Runs the block in a folder of its own.
    ///
    /// Within it, `curl` fails on an HTTP status of 400 or more, and `apus` is the one that was built with the tests. Both are ended
    /// after `streamSeconds`, which is no failure.
    func run() async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "apus-snippet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = """
            set -eu
            curl() {
                cut=0
                timeout \(streamSeconds) curl --silent --show-error --fail-with-body "$@" || cut=$?
                test $cut -eq 124 || return $cut
            }
            apus() {
                cut=0
                timeout \(streamSeconds) "$APUS_EXECUTABLE" "$@" || cut=$?
                test $cut -eq 124 || return $cut
            }
            \(text.replacing("127.0.0.1:8000", with: "127.0.0.1:\(port)"))
            """
        let output = folder.appending(path: "output")
        let errors = folder.appending(path: "errors")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "APUS_SERVER": "http://127.0.0.1:\(port)",
            "APUS_EXECUTABLE": Self.products.appending(path: "apus").path,
        ]) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.create(output)
        process.standardError = try Self.create(errors)
        let ended = EventBox<Int32>()
        process.terminationHandler = { ended.send($0.terminationStatus) }
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        let status = try await ended.next("the end of a shell block", within: .seconds(60))
        return Result(
            status: status,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}
