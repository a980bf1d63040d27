import ApusCore
import HTTPTypes
import Testing

@testable import ApusServer

@Suite struct PublishRequestTests {
    private func read(_ query: String, _ fields: HTTPFields) throws -> PublishRequest {
        let request = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/channels/a", headerFields: fields)
        return try PublishRequest(request, query: Query(query[...]))
    }

    @Test func theBodyIsTheData() throws {
        #expect(try read("", [:]) == .raw(contentType: nil, event: nil, id: nil))
        #expect(try read("", [.contentType: "application/json"]) == .raw(contentType: .json, event: nil, id: nil))
        let form = "application/x-www-form-urlencoded; charset=UTF-8"
        #expect(try read("", [.contentType: form]) == .raw(contentType: nil, event: nil, id: nil))
    }

    @Test func theBodyMayBeAForm() throws {
        let fields: HTTPFields = [.contentType: "Application/vnd.apus.message+JSON; charset=utf-8"]
        #expect(try read("event=e", fields) == .envelope(event: "e", id: nil))
    }

    @Test func theQueryCountsBeforeTheHeaders() throws {
        let fields: HTTPFields = [.apusEvent: "h", .idempotencyKey: "\"k-1\""]
        #expect(try read("event=%C3%A4&id=q", fields) == .raw(contentType: nil, event: "ä", id: "q"))
        #expect(try read("", fields) == .raw(contentType: nil, event: "h", id: "k-1"))
    }

    @Test func keysAreStringsOrBare() throws {
        #expect(try read("", [.idempotencyKey: "k-1"]) == .raw(contentType: nil, event: nil, id: "k-1"))
        #expect(try read("", [.idempotencyKey: #""a\"b\\c""#]) == .raw(contentType: nil, event: nil, id: #"a"b\c"#))
        for text in ["\"", "\"a", "\"a\"b", "\"a\\\"", "\"a\\x\""] {
            #expect(throws: ApusError.self, "\(text)") { try read("", [.idempotencyKey: text]) }
        }
    }

    @Test func nonsenseIsRefused() {
        #expect(throws: ApusError.self) { try read("", [.contentType: "nonsense"]) }
        #expect(throws: ApusError.self) { try read("", [.apusEvent: "ä"]) }
        #expect(throws: ApusError.self) { try read("event=a&event=b", [:]) }
    }
}
