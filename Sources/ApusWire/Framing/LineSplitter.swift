package import NIOCore

/// Cuts a stream into lines, as NDJSON has them: ended by LF, a CR before it left out, empty ones (heartbeats) skipped.
///
/// A line that the stream's end cuts off is not a line: there is nothing to call at the end.
package struct LineSplitter: Sendable {
    /// A line is longer than the reader takes; the stream can't be read any further.
    package struct LineTooLong: Error, Hashable, CustomStringConvertible {
        /// In bytes.
        package let limit: Int

        package var description: String { "a line is longer than \(limit) bytes" }
    }

    /// The longest line, in bytes, without what ends it.
    package let maximumLineBytes: Int
    private var partialLine = ByteBuffer()
    private var hasFailed = false

    package init(maximumLineBytes: Int = 16 << 20) {
        self.maximumLineBytes = maximumLineBytes
    }

    /// Takes the next bytes and gives the lines that they complete.
    package mutating func read(_ bytes: ByteBuffer) throws(LineTooLong) -> [ByteBuffer] {
        var lines: [ByteBuffer] = []
        var rest = bytes
        while rest.readableBytes > 0 {
            let view = rest.readableBytesView
            let end = view.firstIndex(of: UInt8(ascii: "\n"))
            let length = (end ?? view.endIndex) - view.startIndex
            // One byte more, for a CR.
            guard !hasFailed, partialLine.readableBytes + length <= maximumLineBytes + 1 else { throw fail() }
            var line = rest.readSlice(length: length) ?? ByteBuffer()
            guard end != nil else {
                partialLine.writeBuffer(&line)
                break
            }
            rest.moveReaderIndex(forwardBy: 1)
            if partialLine.readableBytes > 0 {
                partialLine.writeBuffer(&line)
                line = partialLine
                partialLine = ByteBuffer()
            }
            if line.readableBytesView.last == UInt8(ascii: "\r") { line.moveWriterIndex(to: line.writerIndex - 1) }
            guard line.readableBytes <= maximumLineBytes else { throw fail() }
            if line.readableBytes > 0 { lines.append(line) }
        }
        return lines
    }

    private mutating func fail() -> LineTooLong {
        hasFailed = true
        partialLine = ByteBuffer()
        return LineTooLong(limit: maximumLineBytes)
    }
}
