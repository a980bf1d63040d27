package import NIOCore

/// Reads a multipart stream as it arrives (RFC 2046 §5.1).
///
/// A body ends where its `Content-Length` says, or without one at the next boundary.
package struct MultipartParser: Sendable {
    /// The longest line outside bodies, in bytes.
    package static let maximumLineBytes = 8192

    /// The largest body, in bytes.
    package let maximumBodyBytes: Int
    /// CR LF, two hyphens, and the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What has arrived and is not yet understood: at most one line, or one body with its delimiter, and the last bytes
    /// that came.
    private var pending = ByteBuffer()

    private enum State: Hashable {
        /// Before the first boundary: lines that mean nothing.
        case preamble
        /// Behind a boundary's text: two hyphens end the stream, else the line ends.
        case boundary
        /// In the fields of a part; the length that it has told.
        case head(MultipartPart, length: Int?)
        /// In a body; how many of its bytes hold no delimiter, where its length is unknown.
        case body(MultipartPart, length: Int?, searched: Int)
        /// Behind the last boundary: what follows means nothing.
        case ended
        case failed(MultipartError)
    }

    package init(boundary: String, maximumBodyBytes: Int = 16 << 20) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Whether the last boundary has come.
    package var hasEnded: Bool { state == .ended }

    /// Takes the next bytes and gives the parts that they complete.
    package mutating func read(_ bytes: ByteBuffer) throws(MultipartError) -> [MultipartPart] {
        if case .failed(let error) = state { throw error }
        pending.discardReadBytes()
        pending.writeImmutableBuffer(bytes)
        var parts: [MultipartPart] = []
        do throws(MultipartError) {
            while try step(&parts) {}
        } catch {
            state = .failed(error)
            pending = ByteBuffer()
            throw error
        }
        return parts
    }

    /// Goes on by one line or body; false when more bytes are needed.
    private mutating func step(_ parts: inout [MultipartPart]) throws(MultipartError) -> Bool {
        switch state {
        case .preamble: return try readPreamble()
        case .boundary: return try readBoundary()
        case .head(let part, let length): return try readField(part, length)
        case .body(let part, let length?, _): return try readBody(part, length: length, &parts)
        case .body(let part, nil, let searched): return try findBody(part, searched: searched, &parts)
        case .ended:
            pending.clear()
            return false
        case .failed: return false
        }
    }

    // MARK: - Lines

    /// The next line without its CR LF; nil while it is incomplete.
    private mutating func readLine() throws(MultipartError) -> ByteBuffer? {
        let view = pending.readableBytesView
        let end = view.firstIndex(of: UInt8(ascii: "\n"))
        guard (end ?? view.endIndex) - view.startIndex <= Self.maximumLineBytes else {
            throw .lineTooLong(limit: Self.maximumLineBytes)
        }
        guard let end, var line = pending.readSlice(length: end - view.startIndex) else { return nil }
        pending.moveReaderIndex(forwardBy: 1)
        if line.readableBytesView.last == UInt8(ascii: "\r") { line.moveWriterIndex(to: line.writerIndex - 1) }
        return line
    }

    private mutating func readPreamble() throws(MultipartError) -> Bool {
        let boundary = delimiter.dropFirst(2)
        if pending.readableBytesView.starts(with: boundary) {
            pending.moveReaderIndex(forwardBy: boundary.count)
            state = .boundary
            return true
        }
        // A line that may still become the boundary is not passed over, since it has no end yet.
        return try readLine() != nil
    }

    private mutating func readBoundary() throws(MultipartError) -> Bool {
        if pending.readableBytesView.starts(with: "--".utf8) {
            state = .ended
            return true
        }
        guard let line = try readLine() else { return false }
        // RFC 2046 §5.1.1: transport padding.
        guard line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { throw .missingBoundary }
        state = .head(MultipartPart(), length: nil)
        return true
    }

    private mutating func readField(_ part: MultipartPart, _ length: Int?) throws(MultipartError) -> Bool {
        guard let line = try readLine() else { return false }
        guard line.readableBytes > 0 else {
            state = .body(part, length: length, searched: 0)
            return true
        }
        let bytes = line.readableBytesView
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex else {
            throw .malformedHead
        }
        var value = bytes[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value = value.dropFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
        let text = String(decoding: value, as: UTF8.self)
        var part = part
        var length = length
        // Other fields are not kept, so that heartbeats between parts take no memory.
        switch String(decoding: bytes[..<colon], as: UTF8.self).lowercased() {
        case "content-type": part.contentType = text
        case "apus-cursor": part.cursor = text
        case "apus-channel": part.channel = text
        case "apus-event": part.event = text
        case "apus-id": part.id = text
        case "apus-time": part.time = Int64(text)
        case "content-length":
            guard let number = Int(text), number >= 0, length == nil || length == number else { throw .malformedHead }
            guard number <= maximumBodyBytes else { throw .bodyTooLarge(limit: maximumBodyBytes) }
            length = number
        default: break
        }
        state = .head(part, length: length)
        return true
    }

    // MARK: - Bodies

    private mutating func readBody(
        _ part: MultipartPart,
        length: Int,
        _ parts: inout [MultipartPart]
    ) throws(MultipartError) -> Bool {
        let view = pending.readableBytesView
        guard view.count >= length + delimiter.count else { return false }
        guard view.dropFirst(length).starts(with: delimiter) else { throw .missingBoundary }
        finish(part, length: length, &parts)
        return true
    }

    private mutating func findBody(
        _ part: MultipartPart,
        searched: Int,
        _ parts: inout [MultipartPart]
    ) throws(MultipartError) -> Bool {
        let found = delimiter.withUnsafeBytes { delimiter in
            pending.withUnsafeReadableBytes { ByteSearch.firstIndex(of: delimiter, in: $0, from: searched) }
        }
        let length = found ?? max(0, pending.readableBytes - delimiter.count + 1)
        guard length <= maximumBodyBytes else { throw .bodyTooLarge(limit: maximumBodyBytes) }
        guard found != nil else {
            state = .body(part, length: nil, searched: length)
            return false
        }
        finish(part, length: length, &parts)
        return true
    }

    private mutating func finish(_ part: MultipartPart, length: Int, _ parts: inout [MultipartPart]) {
        var part = part
        // A copy of its own, so that a body that is kept doesn't keep the stream's buffer.
        part.body = ByteBuffer(bytes: pending.readableBytesView.prefix(length))
        pending.moveReaderIndex(forwardBy: length + delimiter.count)
        parts.append(part)
        state = .boundary
    }
}
