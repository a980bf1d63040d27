import CZlib
package import NIOCore

/// Inflates messages of permessage-deflate (RFC 7692 §7.2.2), up to a limit.
///
/// Where the peer starts each message afresh (no context takeover), one inflater serves all connections of an event
/// loop. Otherwise each connection needs one of its own (about 44 KiB). Not Sendable.
package final class Inflater {
    /// At a place of its own: zlib remembers the address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// An inflater with the largest window, which reads what was compressed with any.
    ///
    /// - Throws: `DeflateFailure.outOfMemory`.
    package init() throws(DeflateFailure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // A negative size asks for raw deflate (zlib.h, inflateInit2).
        guard apus_inflateInit2(stream, -15) == Z_OK else {
            stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates a message and writes it at the end of a buffer.
    ///
    /// - Parameters:
    ///   - limit: the longest message, in bytes. No more than that, and a byte, is ever inflated.
    ///   - keepsWindow: the message may refer to those before (the peer uses context takeover).
    package func inflate(
        _ message: ByteBuffer,
        limit: Int,
        keepsWindow: Bool = false,
        to buffer: inout ByteBuffer
    ) throws(DeflateFailure) {
        if !keepsWindow { inflateReset(stream) }
        let start = buffer.writerIndex
        defer {
            stream.pointee.next_in = nil
            stream.pointee.avail_in = 0
            stream.pointee.next_out = nil
        }
        do throws(DeflateFailure) {
            let hasEnded = try feed(message, start: start, limit: limit, to: &buffer)
            // A final block at the very end stands for itself; everything else gets back the bytes that were not sent.
            guard !hasEnded else { return }
            _ = try feed(Self.tail, start: start, limit: limit, to: &buffer)
            // Bit 7: zlib stands between two blocks (zlib.h, inflate). If not, the message was cut.
            guard stream.pointee.data_type & 128 != 0 else { throw .malformed }
        } catch {
            buffer.moveWriterIndex(to: start)
            throw error
        }
    }

    private static let tail = ByteBuffer(bytes: [0x00, 0x00, 0xFF, 0xFF])

    /// Inflates all of some input.
    ///
    /// - Returns: whether its last block was a final one.
    private func feed(
        _ input: ByteBuffer,
        start: Int,
        limit: Int,
        to buffer: inout ByteBuffer
    ) throws(DeflateFailure) -> Bool {
        let result = input.withUnsafeReadableBytes { input -> Result<Bool, DeflateFailure> in
            // zlib only reads here. A buffer is at most UInt32.max bytes long.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self)
            )
            stream.pointee.avail_in = UInt32(input.count)
            do throws(DeflateFailure) {
                return .success(try run(start: start, limit: limit, to: &buffer))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func run(start: Int, limit: Int, to buffer: inout ByteBuffer) throws(DeflateFailure) -> Bool {
        while true {
            let inflated = buffer.writerIndex - start
            // One byte more than allowed shows that there is more.
            let room = min(limit - inflated, max(Int(stream.pointee.avail_in) * 4, inflated, 255)) + 1
            let code = step(room: room, to: &buffer)
            guard buffer.writerIndex - start <= limit else { throw .tooLarge(limit: limit) }
            let isFull = stream.pointee.avail_out == 0
            let isDrained = stream.pointee.avail_in == 0
            switch code {
            case Z_STREAM_END:
                try beginAnew()
                if isDrained { return true }
            case Z_OK, Z_BUF_ERROR:
                // With room left, zlib has taken all input; without progress it asks for more, which is not there.
                if !isFull { return false }
            case Z_MEM_ERROR:
                throw .outOfMemory
            default:
                throw .malformed
            }
        }
    }

    private func step(room: Int, to buffer: inout ByteBuffer) -> Int32 {
        var code = Z_OK
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
            let room = UInt32(clamping: room)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = room
            code = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return Int(room - stream.pointee.avail_out)
        }
        return code
    }

    /// After a final block others may follow (RFC 7692 §7.2.3.4), which may refer to what came before it: zlib has to be
    /// reset, but keeps its window.
    private func beginAnew() throws(DeflateFailure) {
        let code = withUnsafeTemporaryAllocation(of: Bytef.self, capacity: 1 << 15) { window in
            var length: UInt32 = 0
            guard inflateGetDictionary(stream, window.baseAddress, &length) == Z_OK else { return Z_DATA_ERROR }
            inflateReset(stream)
            return length == 0 ? Z_OK : inflateSetDictionary(stream, window.baseAddress, length)
        }
        guard code == Z_OK else { throw code == Z_MEM_ERROR ? .outOfMemory : .malformed }
    }
}
