import ApusCore
import ApusWire
import NIOCore
import Testing

/// The JSON that a server makes besides messages.
@Suite struct AnswerFormsTests {
    private func text(_ write: (inout ByteBuffer) throws -> Void) rethrows -> String {
        var buffer = ByteBuffer()
        try write(&buffer)
        return String(buffer: buffer)
    }

    private func answer(duplicate: Bool = false) throws -> PublishAnswer {
        PublishAnswer(position: try #require(Position("k3f9zq-13")), subscribers: 3, isDuplicate: duplicate)
    }

    @Test func publishersLearnThePosition() throws {
        let one = #"{"cursor":"k3f9zq-13","epoch":"k3f9zq","offset":13,"subscribers":3}"#
        let again = #"{"cursor":"k3f9zq-13","epoch":"k3f9zq","offset":13,"subscribers":3,"duplicate":true}"#
        #expect(try text { try answer().append(to: &$0) } == one)
        #expect(
            try text { PublishAnswer.append([try answer(), try answer(duplicate: true)], to: &$0) }
                == "[\(one),\(again)]"
        )
        #expect(try text { EnvelopeForm.append(try answer(), ref: 7, to: &$0) } == #"{"ref":7,"published":\#(one)}"#)
    }

    @Test func errorsAreProblemDocuments() {
        let error = ApusError(.invalidParameter, "'a\"b' is none.")
        #expect(
            text { ProblemDocument.append(error, to: &$0) }
                == #"{"type":"urn:apus:error:invalid-parameter","title":"Invalid parameter","status":400,"detail":"'a\"b' is none.","code":"invalid-parameter"}"#
        )
        let envelope =
            #""error":{"code":"invalid-parameter","status":400,"title":"Invalid parameter","detail":"'a\"b' is none."}}"#
        #expect(text { EnvelopeForm.append(error, ref: -1, to: &$0) } == #"{"ref":-1,"# + envelope)
        #expect(text { EnvelopeForm.append(error, ref: nil, to: &$0) } == "{" + envelope)
    }

    @Test func helloNamesChannelsAndCursor() throws {
        let channels = [try ChannelName("news"), try ChannelName("a\"b")]
        #expect(
            text { EnvelopeForm.appendHello(channels: channels, heartbeatSeconds: 15, cursor: "a-1.b-2", to: &$0) }
                == #"{"hello":{"channels":["news","a\"b"],"heartbeat":15},"cursor":"a-1.b-2"}"#
        )
    }

    @Test func historyHasItsHeadBeforeItsMessages() throws {
        let head = try #require(Position("k3f9zq-112"))
        #expect(
            text { HistoryForm(head: head, more: false).append([], to: &$0) }
                == #"{"epoch":"k3f9zq","offset":112,"cursor":"k3f9zq-112","more":false,"messages":[]}"#
        )
        let form = HistoryForm(head: head, more: true, gap: Gap(reason: .expired, missed: 2))
        #expect(
            try text { form.append([try Sample.json("1"), try Sample.json("2")], to: &$0) }
                == #"{"epoch":"k3f9zq","offset":112,"cursor":"k3f9zq-112","more":true,"gap":{"reason":"expired","missed":2},"messages":["#
                + #"{"cursor":"k3f9zq-12","time":1732150000123,"data":1},{"cursor":"k3f9zq-12","time":1732150000123,"data":2}]}"#
        )
    }
}
