import CZlib
import NIOCore

/// Writes a picture as PNG (W3C: Portable Network Graphics, third edition): 8 bits for each of red, green and blue.
enum PNGWriter {
    /// The file's bytes.
    static func write(_ canvas: Canvas) -> ByteBuffer {
        var file = ByteBuffer()
        file.writeBytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var header = ByteBuffer()
        header.writeInteger(UInt32(canvas.width))
        header.writeInteger(UInt32(canvas.height))
        // Bit depth 8, colour type 2 (truecolour), deflate, adaptive filtering, no interlace (§11.2.1).
        header.writeBytes([8, 2, 0, 0, 0])
        append("IHDR", header, to: &file)
        append("IDAT", compressed(filtered(canvas)), to: &file)
        append("IEND", ByteBuffer(), to: &file)
        return file
    }

    /// Each line begins with its filter; "up" (§9.2) leaves zeros wherever a line repeats the one above.
    private static func filtered(_ canvas: Canvas) -> [UInt8] {
        let stride = canvas.width * 3
        var bytes: [UInt8] = []
        bytes.reserveCapacity((stride + 1) * canvas.height)
        for line in 0..<canvas.height {
            bytes.append(2)
            for index in line * stride..<(line + 1) * stride {
                let above = line == 0 ? 0 : canvas.bytes[index - stride]
                bytes.append(canvas.bytes[index] &- above)
            }
        }
        return bytes
    }

    private static func compressed(_ bytes: [UInt8]) -> ByteBuffer {
        var output = ByteBuffer()
        var length = compressBound(uLong(bytes.count))
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(length)) { target in
            let result = compress2(
                target.baseAddress?.assumingMemoryBound(to: Bytef.self),
                &length,
                bytes,
                uLong(bytes.count),
                9
            )
            precondition(result == Z_OK, "zlib has all the room that it asked for")
            return Int(length)
        }
        return output
    }

    /// Length, type, data, and the CRC of type and data (§5.3).
    private static func append(_ type: StaticString, _ data: ByteBuffer, to file: inout ByteBuffer) {
        var body = ByteBuffer(staticString: type)
        body.writeImmutableBuffer(data)
        let checksum = body.withUnsafeReadableBytes { bytes in
            crc32(0, bytes.baseAddress?.assumingMemoryBound(to: Bytef.self), uInt(bytes.count))
        }
        file.writeInteger(UInt32(data.readableBytes))
        file.writeImmutableBuffer(body)
        file.writeInteger(UInt32(truncatingIfNeeded: checksum))
    }
}
