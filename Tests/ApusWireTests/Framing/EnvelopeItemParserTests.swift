import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct EnvelopeItemParserTests {
    private func item(_ write: (inout ByteBuffer) -> Void) throws -> EnvelopeItem {
        var buffer = ByteBuffer()
        write(&buffer)
        return try EnvelopeItemParser.item(buffer)
    }

    @Test func whatTheServerSaysComesBack() throws {
        let channels = [try ChannelName("news"), try ChannelName("a\"b")]
        let hello = try item {
            EnvelopeForm.appendHello(channels: channels, heartbeatSeconds: 15, cursor: "a-1.b-2", to: &$0)
        }
        #expect(hello == .hello(channels: channels, heartbeatSeconds: 15, cursor: "a-1.b-2"))
        for duplicate in [false, true] {
            let answer = PublishAnswer(position: try #require(Position("a-13")), subscribers: 3, isDuplicate: duplicate)
            #expect(try item { EnvelopeForm.append(answer, ref: -7, to: &$0) } == .published(answer, ref: -7))
        }
        let error = ApusError(.messageTooLarge, "It is.")
        let refusal = EnvelopeItem.Refusal(
            code: "message-too-large",
            status: 413,
            title: error.code.title,
            detail: "It is."
        )
        #expect(try item { EnvelopeForm.append(error, ref: 7, to: &$0) } == .refused(refusal, ref: 7))
        #expect(try item { EnvelopeForm.append(error, ref: nil, to: &$0) } == .refused(refusal, ref: nil))
        var problem = ByteBuffer()
        ProblemDocument.append(error, to: &problem)
        #expect(try EnvelopeItemParser.refusal(problem) == refusal)
        for delivery in try Sample.all {
            #expect(try item { MessageForm.append(delivery, to: &$0) } == .item(Sample.received(delivery)))
        }
        let gap = try Sample.gap(.expired, missed: 2)
        #expect(try item { MessageForm.append(gap, to: &$0) } == .item(.gap(gap)))
    }

    @Test func newWordsArePassedOver() throws {
        #expect(try EnvelopeItemParser.item(ByteBuffer(string: #"{"news":1}"#)) == .unknown)
    }

    @Test(arguments: [
        "", "[]", #"{"hello":1}"#, #"{"hello":{"channels":["a"],"heartbeat":15}}"#,
        #"{"hello":{"channels":["a b"],"heartbeat":15},"cursor":"a-1"}"#,
        #"{"hello":{"channels":["a"]},"cursor":"a-1"}"#,
        #"{"hello":{"channels":["a"],"heartbeat":-1},"cursor":"a-1"}"#,
        #"{"published":{"cursor":"a-1","subscribers":1}}"#,
        #"{"ref":1,"published":{"cursor":"x","subscribers":1}}"#, #"{"ref":1,"published":{"cursor":"a-1"}}"#,
        #"{"ref":1,"error":{"code":1}}"#, #"{"ref":1,"error":"x"}"#, #"{"cursor":"a-1"}"#,
    ])
    func whatIsMalformedIsRefused(text: String) {
        #expect(throws: MessageFormError.self) { try EnvelopeItemParser.item(ByteBuffer(string: text)) }
    }
}
