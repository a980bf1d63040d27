import ApusWire
import NIOCore
import Testing

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func theVectorsOfTheStandardHold(bytes: String, text: String) {
        #expect(Base64.string(bytes.utf8) == text)
        #expect(Base64.encodedLength(bytes.utf8.count) == text.utf8.count)
        #expect(Base64.decode(text) == ByteBuffer(string: bytes))
    }

    @Test func everyLengthAndEveryByteRoundTrips() {
        for length in 0...300 {
            let bytes = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) })
            var text = ByteBuffer(string: "x")
            Base64.append(bytes, to: &text)
            #expect(text.readableBytes == 1 + Base64.encodedLength(length))
            text.moveReaderIndex(forwardBy: 1)
            #expect(Base64.decode(text) == bytes)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "Zg==Zg==", "Zm9v=", "Zh==", "Zm9=", "Zm 9", "Zm9v\n",
        "Zm-_",
        "Zm9vZg=\u{0}", "é==", "Z=g=", "Zg=v",
    ])
    func othersAreRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
