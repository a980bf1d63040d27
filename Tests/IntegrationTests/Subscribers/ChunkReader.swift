import ApusTestSupport
import NIOCore

/// Takes the chunked coding off a body as it arrives (RFC 9112 §7.1), strictly: no extensions, no trailers.
struct ChunkReader {
    private var pending = ByteBuffer()
    /// The last chunk has come.
    private(set) var hasEnded = false

    /// The data of the chunks that these bytes complete, one by one.
    mutating func read(_ bytes: [UInt8]) throws -> [ByteBuffer] {
        pending.discardReadBytes()
        pending.writeBytes(bytes)
        var chunks: [ByteBuffer] = []
        while !hasEnded, let chunk = try nextChunk() {
            if chunk.readableBytes == 0 { hasEnded = true } else { chunks.append(chunk) }
        }
        return chunks
    }

    /// What follows the last chunk.
    var leftOver: Int { pending.readableBytes }

    private mutating func nextChunk() throws -> ByteBuffer? {
        guard let lineEnd = pending.readableBytesView.prefix(10).firstIndex(of: UInt8(ascii: "\n")) else {
            guard pending.readableBytes < 10 else { throw malformed("no chunk size") }
            return nil
        }
        let digits = pending.readableBytesView[..<lineEnd]
        guard digits.last == UInt8(ascii: "\r"),
            let size = Int(String(decoding: digits.dropLast(), as: UTF8.self), radix: 16),
            size >= 0
        else { throw malformed("no chunk size") }
        let start = digits.count + 1
        guard pending.readableBytes >= start + size + 2 else { return nil }
        pending.moveReaderIndex(forwardBy: start)
        let data = pending.readSlice(length: size) ?? ByteBuffer()
        guard pending.readBytes(length: 2) == [0x0D, 0x0A] else { throw malformed("no line end after a chunk") }
        return data
    }

    private func malformed(_ reason: String) -> WireViolation {
        WireViolation(reason: reason, text: String(buffer: pending))
    }
}
