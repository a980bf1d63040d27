import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct PublishFormParserTests {
    private func body(_ text: String) throws -> PublishFormParser.Body {
        try PublishFormParser.body(ByteBuffer(string: text))
    }

    @Test func onlyDataIsRequired() throws {
        #expect(
            try body(#" {"data": {"a":1} } "#)
                == .one(PublishForm(data: ByteBuffer(string: #"{"a":1}"#), contentType: .json))
        )
        #expect(try body(#"{"data":null}"#) == .one(PublishForm(data: ByteBuffer(string: "null"), contentType: .json)))
        #expect(
            try body(#"{"data":1,"event":null,"id":null,"type":null,"encoding":null}"#)
                == .one(PublishForm(data: ByteBuffer(string: "1"), contentType: .json))
        )
    }

    @Test func dataIsReadAsItsTypeSays() throws {
        #expect(
            try body(#"{"type":"text/plain;charset=utf-8","data":"a\n\u00e9","event":"e","id":"i"}"#)
                == .one(PublishForm(data: ByteBuffer(string: "a\né"), contentType: .text, event: "e", id: "i"))
        )
        #expect(
            try body(#"{"type":"application/octet-stream","encoding":"base64","data":"/9g="}"#)
                == .one(PublishForm(data: ByteBuffer(bytes: [0xFF, 0xD8]), contentType: .binary))
        )
    }

    @Test(arguments: [
        "", "1", "\"a\"", "{}", "[]", "[1]", "[{}]", #"{"data":1}x"#, #"{"data":1,"data":2}"#,
        #"{"data":1,"evnt":"a"}"#,
        #"{"data":1,"event":1}"#, #"{"data":1,"id":1}"#, #"{"data":1,"type":1}"#, #"{"data":1,"type":"x"}"#,
        #"{"data":1,"type":"text/plain"}"#, #"{"data":"x","type":"image/png"}"#, #"{"data":1,"encoding":"base64"}"#,
        #"{"data":"x","type":"image/png","encoding":"base64"}"#, #"{"data":1,"type":"image/png","encoding":"base64"}"#,
        #"{"data":"AA==","type":"image/png","encoding":"hex"}"#,
        #"{"data":"AA==","type":"text/plain","encoding":"base64"}"#,
        #"{"data":1,"channel":"a"}"#, #"{"data":1,"ref":1}"#, #"[{"data":1},{"data":1,"ref":1}]"#,
    ])
    func othersAreRefused(text: String) {
        let error = #expect(throws: ApusError.self) { try body(text) }
        #expect(error?.code == .invalidMessage)
        #expect(error?.message.isEmpty == false)
    }

    @Test func errorsNameTheMemberAndTheMessage() {
        let typo = #expect(throws: ApusError.self) { try body(#"{"data":1,"evnt\u0000":"a"}"#) }
        #expect(typo?.message.contains("'evnt?'") == true)
        let second = #expect(throws: ApusError.self) { try body(#"[{"data":1},{}]"#) }
        #expect(second?.message.hasPrefix("Message 1 of the array") == true)
    }

    @Test func anArrayHoldsUpToAHundred() throws {
        func array(_ count: Int) -> String {
            "[" + Array(repeating: #"{"data":1}"#, count: count).joined(separator: ",") + "]"
        }
        let one = PublishForm(data: ByteBuffer(string: "1"), contentType: .json)
        #expect(try body(array(1)) == .many([one]))
        #expect(try body(array(100)) == .many(Array(repeating: one, count: 100)))
        #expect(throws: ApusError.self) { try body(array(101)) }
    }

    @Test func formsBecomeMessages() throws {
        let publisher = ClientInfo(user: "u")
        let form = PublishForm(data: ByteBuffer(string: "1"), contentType: .json, event: "e", id: "i")
        let message = try form.message(publisher: publisher)
        #expect(
            message.event == "e" && message.id == "i" && message.publisher == publisher && message.contentType == .json
        )
        let bad = PublishForm(data: ByteBuffer(), contentType: .text, event: "a\nb")
        #expect(throws: ApusError.self) { try bad.message(publisher: nil) }
    }

    @Test func envelopesNameTheirChannelAndAnswer() throws {
        let envelope = PublishFormParser.envelope(ByteBuffer(string: #"{"ref":7,"channel":"news","data":1}"#))
        #expect(envelope.ref == 7)
        let content = try envelope.content.get()
        #expect(content.channel?.rawValue == "news")
        #expect(String(buffer: content.form.data) == "1")
        let bare = PublishFormParser.envelope(ByteBuffer(string: #"{"data":1}"#))
        #expect(bare.ref == nil)
        #expect(try bare.content.get().channel == nil)
    }

    @Test(
        arguments: [
            (#"{"ref":7}"#, 7), (#"{"ref":-7,"data":1,"x":1}"#, -7), (#"{"ref":7,"data":1,"channel":"a b"}"#, 7),
            (#"{"ref":"7","data":1}"#, nil), (#"{"ref":1.5,"data":1}"#, nil), ("{", nil), (#"[{"data":1}]"#, nil),
        ] as [(String, Int64?)]
    )
    func refusedEnvelopesKeepTheirRef(text: String, ref: Int64?) {
        let envelope = PublishFormParser.envelope(ByteBuffer(string: text))
        #expect(envelope.ref == ref)
        #expect(throws: ApusError.self) { try envelope.content.get() }
    }
}
