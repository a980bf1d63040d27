package import ApusCore
import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The pages of a folder, for who edits them: every request reads the disk.
///
/// `PagePath` keeps separators, `..` and hidden names out; here symbolic links are resolved, and what lies outside the
/// folder after that is not there. Someone who may write to the folder could still change it between the two steps, and
/// could as well put the file there.
package struct FolderPages: PageSource {
    /// The largest file, in bytes.
    package let maximumFileSize: Int
    /// The folder, absolute, without symbolic links.
    private let root: String

    /// Opens a folder.
    ///
    /// - Parameter maximumFileSize: the largest file that is served, in bytes.
    /// - Throws: `ApusError` with code `notFound` if it is no folder.
    package init(_ path: String, maximumFileSize: Int = 16 << 20) throws(ApusError) {
        guard let root = Self.resolve(path), Self.isFolder(root) else {
            throw ApusError(.notFound, "'\(path)' is no folder that can be read.")
        }
        self.root = root
        self.maximumFileSize = maximumFileSize
    }

    /// Reads a file. Blocks: call it on a thread that may.
    ///
    /// - Throws: `ApusError` with code `notFound` for a file above the limit.
    package func page(at segments: [String]) throws(ApusError) -> Page? {
        let base = root == "/" ? "" : root
        // A resolved path that lies within begins with the folder and a separator; `/pages-private` is not in `/pages`.
        guard let path = Self.resolve(base + "/" + segments.joined(separator: "/")), path.hasPrefix(base + "/") else {
            return nil
        }
        // Without O_NONBLOCK, opening a FIFO would wait for its writer. The last component was resolved; if it is a link
        // by now, it is not followed.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard status.st_size <= maximumFileSize else {
            throw ApusError(.notFound, "The file has \(status.st_size) bytes; at most \(maximumFileSize) are served.")
        }
        guard let bytes = Self.read(descriptor, expected: Int(status.st_size), limit: maximumFileSize) else {
            return nil
        }
        return Page(
            contentType: MediaTypes.type(of: path),
            entityTag: Self.entityTag(status),
            bytes: bytes
        )
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Until the end, also of a file that grows meanwhile, up to the limit.
    private static func read(_ descriptor: CInt, expected: Int, limit: Int) -> ByteBuffer? {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(expected + 1)
        while bytes.readableBytes <= limit {
            var failure: CInt = 0
            let count = bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { target in
                #if canImport(Darwin)
                    let count = Darwin.read(descriptor, target.baseAddress, target.count)
                #elseif canImport(Musl)
                    let count = Musl.read(descriptor, target.baseAddress, target.count)
                #else
                    let count = Glibc.read(descriptor, target.baseAddress, target.count)
                #endif
                if count < 0 { failure = errno }
                return max(0, count)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { return nil }
            if count == 0 { return bytes }
        }
        return nil
    }

    /// Changes whenever the file does, as far as its times tell; weak, for that reason (RFC 9110 §8.8.1).
    private static func entityTag(_ status: stat) -> String {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        let parts = [Int(status.st_ino), Int(status.st_size), Int(time.tv_sec), Int(time.tv_nsec)]
        return "W/\"" + parts.map { String($0, radix: 36) }.joined(separator: "-") + "\""
    }
}
