import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes to standard output and words to standard error, at once: somebody may be waiting for them.
enum StandardOutput {
    /// - Throws: `CommandFailure` when nobody reads any more.
    static func write(_ bytes: ByteBuffer) throws {
        try write(bytes, to: STDOUT_FILENO)
    }

    static func write(line: String) throws {
        try write(ByteBuffer(string: line + "\n"))
    }

    /// Words for people; that they can't be written is no reason to stop.
    static func note(_ words: String) {
        try? write(ByteBuffer(string: words + "\n"), to: STDERR_FILENO)
    }

    private static func write(_ bytes: ByteBuffer, to descriptor: Int32) throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            #if canImport(Darwin)
                let count = rest.withUnsafeReadableBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
            #elseif canImport(Musl)
                let count = rest.withUnsafeReadableBytes { Musl.write(descriptor, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeReadableBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            #endif
            if count >= 0 {
                rest.moveReaderIndex(forwardBy: count)
            } else if errno != EINTR {
                throw CommandFailure("Can't write: \(String(cString: strerror(errno))).")
            }
        }
    }
}
