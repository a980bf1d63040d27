import Foundation
import Glibc

/// A temporary folder that holds everything a browser writes.
struct ProfileFolder: Sendable {
    private static let prefix = "apus-browser-"

    let path: String

    /// Makes a new one, named for this process, and removes those of processes that died without cleaning up.
    init() throws {
        Self.removeOrphans()
        path = "\(Self.parent)/\(Self.prefix)\(getpid())-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// Removes the folder with everything in it.
    func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }

    private static var parent: String {
        // No trailing slash; short, since a browser puts a socket in it whose path may have 107 bytes.
        "/tmp"
    }

    private static func removeOrphans() {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let owner = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }), owner > 0 else { continue }
            // ESRCH: no such process, so nobody will miss it.
            if kill(owner, 0) == -1, errno == ESRCH { try? files.removeItem(atPath: "\(parent)/\(name)") }
        }
    }
}
