import ApusServer
import Foundation

/// curl, which speaks every carrier with code that is not ours.
enum Curl {
    static let path = "/usr/bin/curl"

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// What a carrier needs: its flags, and where the server is.
    static func arguments(_ carrier: Carrier, _ server: Server, _ path: String) -> [String] {
        let port = carrier.isEncrypted ? server.securePort : server.plainPort
        let version =
            switch carrier {
            case .http1, .http1TLS: "--http1.1"
            case .http2: "--http2-prior-knowledge"
            case .http2TLS: "--http2"
            }
        let scheme = carrier.isEncrypted ? "https" : "http"
        return ["-sSkN", version, "--max-time", "60", "\(scheme)://127.0.0.1:\(port)\(path)"]
    }

    /// Runs it to its end; returns what it printed.
    static func run(_ arguments: [String]) async throws -> String {
        let running = try start(arguments)
        var text = ""
        for try await line in running.lines { text += line + "\n" }
        return text
    }

    /// Runs it, and gives its lines as they come.
    static func start(_ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let (lines, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
        try process.run()
        let handle = output.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let data = handle.availableData
                if data.isEmpty { break }
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
            continuation.finish()
        }
        return Running(process: process, lines: lines)
    }

    struct Running {
        let process: Process
        let lines: AsyncThrowingStream<String, any Error>

        /// Ends it. It may have inherited a signal mask in which every other signal waits.
        func stop() { kill(process.processIdentifier, SIGKILL) }
    }
}
