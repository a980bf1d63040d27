import ApusCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads a certificate's or a key's file. Blocks.
enum PEMFile {
    /// The largest that is read, in bytes.
    private static let maximumBytes = 1 << 20

    /// - Throws: `ApusError` with code `invalidParameter`.
    static func read(_ path: String) throws(ApusError) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw ApusError(.invalidParameter, "'\(path)' can't be read: \(String(cString: strerror(errno))).")
        }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: maximumBytes) { target, count in
            count = fread(target.baseAddress, 1, target.count, file)
        }
        guard ferror(file) == 0, bytes.count < maximumBytes else {
            throw ApusError(.invalidParameter, "'\(path)' can't be read, or has more than \(maximumBytes) bytes.")
        }
        return bytes
    }
}

/// What changes when a file does.
struct FileVersion: Hashable, Sendable {
    private let parts: [Int]

    /// Nil if there is no such file. Follows symbolic links.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        parts = [Int(status.st_ino), Int(status.st_size), Int(time.tv_sec), Int(time.tv_nsec)]
    }
}
