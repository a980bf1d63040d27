import Foundation
import Testing

/// `apus serve` as a process of its own, so that its memory is its own.
final class ServerProcess: Sendable {
    let port: Int
    private let process: Process

    /// The command that was built with the tests; nil if there is none.
    static let executable: URL? = {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let url = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("apus")
        return FileManager.default.isExecutableFile(atPath: url.path) ? url : nil
    }()

    /// Starts it, and returns once it listens.
    init(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = ["serve", "--port", "0", "--log-level", "error"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = ""
        while !text.contains("Ctrl-C") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        let address = text.split(separator: "\n").first?.split(separator: ":").last
        guard let port = address.flatMap({ Int($0) }) else {
            process.terminate()
            throw WireViolation(reason: "no address", text: text)
        }
        self.port = port
        self.process = process
    }

    /// What it holds in memory, in bytes: `VmRSS` of proc(5).
    func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(Int(line.filter(\.isNumber))) * 1_024
    }

    /// Ends it with SIGTERM, as a service manager does; returns its exit status.
    func stop() async -> Int32 {
        await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            process.terminate()
        }
    }
}
