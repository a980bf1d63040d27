import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file or standard input, read piece by piece.
final class InputFile {
    private static let pieceBytes = 64 << 10

    private let descriptor: Int32
    private let name: String
    private let isOwned: Bool

    /// - Parameter path: A file's; `-` means standard input.
    /// - Throws: `CommandFailure` when it can't be opened.
    init(path: String) throws {
        guard path != "-" else {
            descriptor = STDIN_FILENO
            name = "standard input"
            isOwned = false
            return
        }
        name = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        isOwned = descriptor >= 0
        guard isOwned else { throw CommandFailure("Can't open \(path): \(Self.systemError()).") }
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// The next bytes; nil at the end.
    func read() throws -> ByteBuffer? {
        var buffer = ByteBuffer()
        var result = 0
        repeat {
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceBytes) { bytes in
                result = posixRead(descriptor, bytes.baseAddress, Self.pieceBytes)
                return max(0, result)
            }
        } while result < 0 && errno == EINTR
        guard result >= 0 else { throw CommandFailure("Can't read \(name): \(Self.systemError()).") }
        return result == 0 ? nil : buffer
    }

    /// Everything.
    ///
    /// - Parameter limit: The most bytes.
    func readAll(limit: Int) throws -> ByteBuffer {
        var all = ByteBuffer()
        while let piece = try read() {
            all.writeImmutableBuffer(piece)
            guard all.readableBytes <= limit else {
                throw CommandFailure("\(name) has more than \(limit) bytes, which is more than a message can have.")
            }
        }
        return all
    }

    private static func systemError() -> String {
        String(cString: strerror(errno))
    }
}

/// The system's call, which the method's name hides.
private func posixRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
