import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct MessageBodyTests {
    private let binary = ByteBuffer(bytes: [0xFF, 0xD8])

    @Test(arguments: [nil, "", "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=utf-8"])
    func withoutATypeTheBodyTells(type: String?) throws {
        #expect(try MessageBody.contentType(of: ByteBuffer(string: "größe"), declared: type) == .text)
        #expect(try MessageBody.contentType(of: ByteBuffer(), declared: type) == .text)
        #expect(try MessageBody.contentType(of: binary, declared: type) == .binary)
    }

    @Test func theBodyIsWhatTheTypeSays() throws {
        #expect(try MessageBody.contentType(of: ByteBuffer(string: " [1] "), declared: "application/json") == .json)
        #expect(try MessageBody.contentType(of: binary, declared: "image/jpeg").rawValue == "image/jpeg")
        #expect(try MessageBody.contentType(of: ByteBuffer(string: "{"), declared: "text/plain").kind == .text)
    }

    @Test(arguments: ["application/json", "application/ld+json", "text/plain", "image/svg+xml"])
    func aBodyThatIsNotIsRefused(type: String) {
        let error = #expect(throws: ApusError.self) { try MessageBody.contentType(of: binary, declared: type) }
        #expect(error?.code == .invalidMessage)
    }

    @Test func aTypeThatIsNoneIsRefused() {
        #expect(throws: ApusError.self) { try MessageBody.contentType(of: ByteBuffer(), declared: "text") }
        #expect(throws: ApusError.self) { try MessageBody.contentType(of: ByteBuffer(), declared: "application/json") }
    }

    @Test func longTextIsCheckedToItsEnd() {
        for length in 0..<24 {
            let bytes = Array(repeating: UInt8(ascii: "x"), count: length) + [0xC3]
            #expect(throws: ApusError.self) {
                try MessageBody.contentType(of: ByteBuffer(bytes: bytes), declared: "text/plain")
            }
        }
    }
}
