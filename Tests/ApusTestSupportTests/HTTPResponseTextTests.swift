import ApusTestSupport
import Testing

@Suite struct HTTPResponseTextTests {
    private func parse(_ text: String, isEnd: Bool = false) throws -> (response: HTTPResponseText, consumed: Int)? {
        try HTTPResponseText.parse(Array(text.utf8), isEnd: isEnd)
    }

    @Test func aBodyWithALengthEndsThere() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVary: a\r\nvary:b \r\n\r\nhelloHTTP/1.1"
        let (response, consumed) = try #require(try parse(text))
        #expect(response.status == 200)
        #expect(response.reason == "OK")
        #expect(response["content-length"] == "5")
        #expect(response["Vary"] == "a, b")
        #expect(response["Age"] == nil)
        #expect(response.text == "hello")
        #expect(consumed == text.utf8.count - 8)
    }

    @Test func chunksAreDecodedAndKept() throws {
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
        let response = try HTTPResponseText(whole: Array(text.utf8))
        #expect(response.chunks == [Array("abc".utf8), Array("0123456789".utf8)])
        #expect(response.text == "abc0123456789")
        // Cut anywhere it is incomplete, not wrong.
        for count in 0..<text.utf8.count {
            #expect(try HTTPResponseText.parse(Array(text.utf8.prefix(count)), isEnd: false) == nil)
        }
    }

    @Test func trailersBelongToTheBody() throws {
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n"
        #expect(try HTTPResponseText(whole: Array(text.utf8)).text == "a")
    }

    @Test func aBodyWithoutALengthEndsWithTheConnection() throws {
        let text = "HTTP/1.1 200 OK\r\n\r\nhello"
        #expect(try parse(text) == nil)
        #expect(try parse(text, isEnd: true)?.response.text == "hello")
    }

    @Test(arguments: [204, 304, 101])
    func someStatusesHaveNoBody(status: Int) throws {
        let head = "HTTP/1.1 \(status) x\r\nContent-Length: 9\r\n\r\n"
        #expect(try parse(head + "more")?.consumed == head.utf8.count)
    }

    @Test func aResponseToHeadHasNoBody() throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
        #expect(try HTTPResponseText(whole: Array(head.utf8), toHead: true).body.isEmpty)
    }

    @Test(arguments: [
        "HTTP/1.1 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName : x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
    ])
    func othersAreRefused(text: String) {
        #expect(throws: HTTPResponseText.Malformed.self) { try parse(text) }
    }
}
