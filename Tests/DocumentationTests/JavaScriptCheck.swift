import Foundation

/// Whether a text is a JavaScript module, as far as node's parser can tell.
enum JavaScriptCheck {
    private static let executable = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/node" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    static var isPossible: Bool { executable != nil }

    /// What the parser says; empty if it accepts the text.
    static func errors(in text: String) throws -> String {
        guard let executable else { return "node is not installed" }
        let file = FileManager.default.temporaryDirectory.appending(path: "apus-snippet-\(UUID().uuidString).mjs")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(filePath: executable)
        process.arguments = ["--check", file.path]
        process.standardError = errors
        try process.run()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 0 else { return "" }
        return String(decoding: said, as: UTF8.self)
    }
}
