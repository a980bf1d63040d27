import Foundation

/// A file that is gone when nobody uses it any more.
final class TemporaryFile: Sendable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("apus-\(UUID().uuidString)").path
        try write(bytes)
    }

    /// Puts other bytes in, in one step.
    func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
