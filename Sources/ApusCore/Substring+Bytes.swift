extension StringProtocol where SubSequence == Substring {
    /// Splits at a byte below 0x80, empty parts included.
    ///
    /// The standard library's `split` looks for `Character`s, which costs ten times as much and finds no separator that a
    /// combining mark follows; what protocols separate, they separate by bytes.
    package func split(atByte separator: UInt8, maxSplits: Int = .max) -> [Substring] {
        var parts: [Substring] = []
        var start = startIndex
        while parts.count < maxSplits, let end = self[start...].utf8.firstIndex(of: separator) {
            parts.append(self[start..<end])
            start = utf8.index(after: end)
        }
        parts.append(self[start...])
        return parts
    }
}
