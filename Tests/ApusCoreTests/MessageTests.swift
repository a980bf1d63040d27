import ApusCore
import NIOCore
import Testing

@Suite struct MessageTests {
    private let data = ByteBuffer(string: "x")

    @Test(arguments: ["a\nb", "a\rb", "a\0b", "", "gap", "\u{85}", String(repeating: "e", count: 65)])
    func eventNamesThatCouldBreakAStreamAreRefused(event: String) {
        let error = #expect(throws: ApusError.self) { try Message(data: data, contentType: .text, event: event) }
        #expect(error?.code == .invalidMessage)
    }

    @Test(arguments: ["price", "größe", "a b", "error", String(repeating: "e", count: 64)])
    func otherEventNamesAreAllowed(event: String) throws {
        #expect(try Message(data: data, contentType: .text, event: event).event == event)
    }

    @Test(arguments: ["", "a b", "a\r\nb", "ä", String(repeating: "i", count: 129)])
    func idsOutsideVisibleASCIIAreRefused(id: String) {
        let error = #expect(throws: ApusError.self) { try Message(data: data, contentType: .text, id: id) }
        #expect(error?.code == .invalidMessage)
    }

    @Test(arguments: [
        ("application/json", ContentType.Kind.json), ("application/ld+json; charset=utf-8", .json),
        ("text/plain", .text), ("Text/HTML;charset=utf-8", .text), ("image/svg+xml", .text), ("application/xml", .text),
        ("image/png", .binary), ("application/octet-stream", .binary), ("application/jsonp", .binary),
    ])
    func contentTypesSayHowTheyTravel(text: String, kind: ContentType.Kind) throws {
        #expect(try ContentType(text).kind == kind)
        #expect(try ContentType(text).rawValue == text)
    }

    @Test(arguments: [
        "", "text", "/", "text/", "/plain", "text/pl ain", "text/plain\r\nX: y", "a/b/c", "text/plain;\u{e9}",
    ])
    func othersAreNoContentType(text: String) {
        #expect(throws: ApusError.self) { try ContentType(text) }
    }

    @Test func essenceIsLowerCaseWithoutParameters() throws {
        #expect(try ContentType("Image/PNG ; q=1").essence == "image/png")
    }
}
