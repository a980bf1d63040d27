import NIOCore

/// The lines of an input, ended by LF or CR LF; what follows the last line end is a line, too. Empty lines are left out.
struct InputLines {
    private let maximumBytes: Int
    private var pending = ByteBuffer()
    private(set) var number = 0

    /// - Parameter maximumBytes: The longest line.
    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Takes the next bytes. Ask `next` afterwards, until it has none.
    mutating func append(_ bytes: ByteBuffer) {
        pending.discardReadBytes()
        pending.writeImmutableBuffer(bytes)
    }

    /// The next whole line.
    ///
    /// - Parameter isEnd: Nothing more will come.
    /// - Throws: `CommandFailure` for a line that is too long.
    mutating func next(isEnd: Bool) throws -> ByteBuffer? {
        while pending.readableBytes > 0 {
            let view = pending.readableBytesView
            let lineEnd = view.firstIndex(of: UInt8(ascii: "\n"))
            guard lineEnd != nil || isEnd || view.count > maximumBytes + 1 else { return nil }
            let length = (lineEnd ?? view.endIndex) - view.startIndex
            number += 1
            var line = pending.readSlice(length: length) ?? ByteBuffer()
            if lineEnd != nil { pending.moveReaderIndex(forwardBy: 1) }
            if line.readableBytesView.last == UInt8(ascii: "\r") { line.moveWriterIndex(to: line.writerIndex - 1) }
            guard line.readableBytes <= maximumBytes else {
                throw CommandFailure("Line \(number) has more than \(maximumBytes) bytes; raise --line-bytes.")
            }
            if line.readableBytes > 0 { return line }
        }
        return nil
    }
}
