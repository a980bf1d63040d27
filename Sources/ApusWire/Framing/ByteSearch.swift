#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds a short run of bytes in a long one.
enum ByteSearch {
    /// Where the pattern first begins, from `start` on; nil if it does not occur whole.
    static func firstIndex(
        of pattern: UnsafeRawBufferPointer,
        in bytes: UnsafeRawBufferPointer,
        from start: Int = 0
    ) -> Int? {
        guard let first = pattern.first, let patternBase = pattern.baseAddress, let base = bytes.baseAddress else {
            return nil
        }
        var index = start
        // memchr looks at many bytes at a time; what follows a boundary's first byte is rarely its second.
        while index <= bytes.count - pattern.count,
            let hit = memchr(base + index, Int32(first), bytes.count - pattern.count - index + 1)
        {
            index = UnsafeRawPointer(hit) - base
            if memcmp(hit, patternBase, pattern.count) == 0 { return index }
            index += 1
        }
        return nil
    }
}
