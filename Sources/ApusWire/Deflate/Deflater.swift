import CZlib
package import NIOCore

/// Compresses messages for permessage-deflate (RFC 7692 §7.2.1), each by itself: without context takeover, so that one
/// compressed message serves every subscriber.
///
/// It keeps zlib's memory (about 256 KiB at full window and `memoryLevel` 8) between messages. Not Sendable: it belongs to whoever
/// compresses, such as one event loop.
package final class Deflater {
    /// At a place of its own: zlib remembers the address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - windowBits: the base-2 logarithm of the window, 9 to 15, as agreed on.
    ///   - level: how hard to try, 1 (fast) to 9 (small).
    ///   - memoryLevel: how much memory matching takes, 1 (little) to 9.
    /// - Throws: `DeflateFailure.outOfMemory`.
    package init(windowBits: Int = 15, level: Int = 1, memoryLevel: Int = 8) throws(DeflateFailure) {
        precondition(PermessageDeflate.deflatableWindowBits.contains(windowBits) && (1...9).contains(level))
        precondition((1...9).contains(memoryLevel))
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // A negative size asks for raw deflate (zlib.h, deflateInit2).
        guard apus_deflateInit2(stream, Int32(level), Int32(-windowBits), Int32(memoryLevel)) == Z_OK else {
            stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a message and writes it at the end of a buffer, as it stands in a frame with RSV1.
    package func compress(_ message: ByteBuffer, to buffer: inout ByteBuffer) {
        deflateReset(stream)
        // Room for all of it in one call as a rule; a flush takes up to 6 bytes more than the bound.
        let bound = Int(deflateBound(stream, UInt(message.readableBytes))) + 16
        message.withUnsafeReadableBytes { input in
            // zlib only reads here. A buffer is at most UInt32.max bytes long.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self)
            )
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { output in
                    let room = UInt32(clamping: output.count)
                    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
                    stream.pointee.avail_out = room
                    let result = deflate(stream, Z_SYNC_FLUSH)
                    precondition(result == Z_OK || result == Z_BUF_ERROR)
                    return Int(room - stream.pointee.avail_out)
                }
            } while stream.pointee.avail_out == 0
        }
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        // The flush ends with 00 00 FF FF, which is not sent (RFC 7692 §7.2.1).
        buffer.moveWriterIndex(to: buffer.writerIndex - PermessageDeflate.tailBytes)
    }
}
