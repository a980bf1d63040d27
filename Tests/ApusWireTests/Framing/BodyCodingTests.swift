import ApusWire
import NIOCore
import Testing

@Suite struct BodyCodingTests {
    @Test func chunksSayTheirSize() {
        var buffer = ByteBuffer(string: "HEAD")
        BodyCoding.chunked.append(to: &buffer) { $0.writeString(String(repeating: "x", count: 27)) }
        BodyCoding.chunked.append(ByteBuffer(string: "hello"), to: &buffer)
        BodyCoding.chunked.appendEnd(to: &buffer)
        #expect(
            String(buffer: buffer)
                == "HEAD0000001B\r\n" + String(repeating: "x", count: 27) + "\r\n00000005\r\nhello\r\n0\r\n\r\n"
        )
    }

    @Test func nothingIsNoChunk() {
        var buffer = ByteBuffer(string: "HEAD")
        BodyCoding.chunked.append(to: &buffer) { _ in }
        BodyCoding.chunked.append(ByteBuffer(), to: &buffer)
        #expect(String(buffer: buffer) == "HEAD")
    }

    @Test func sizesAreWholeHexadecimalNumbers() throws {
        for size in [1, 15, 16, 255, 256, 4095, 65_536, 1_048_577] {
            var buffer = ByteBuffer()
            BodyCoding.chunked.append(to: &buffer) { _ = $0.writeRepeatingByte(0, count: size) }
            #expect(buffer.readableBytes == size + 12)
            let digits = try #require(buffer.getString(at: 0, length: 8))
            #expect(Int(digits, radix: 16) == size)
        }
    }

    @Test func identityAddsNothing() {
        var buffer = ByteBuffer()
        BodyCoding.identity.append(ByteBuffer(string: "hello"), to: &buffer)
        BodyCoding.identity.appendEnd(to: &buffer)
        #expect(String(buffer: buffer) == "hello")
    }
}
