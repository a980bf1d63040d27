import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct MessageFormTests {
    private func form(_ delivery: Delivery, htmlSafe: Bool = false) -> ByteBuffer {
        var buffer = ByteBuffer()
        MessageForm.append(delivery, htmlSafe: htmlSafe, to: &buffer)
        return buffer
    }

    private func form(_ notice: GapNotice) -> ByteBuffer {
        var buffer = ByteBuffer()
        MessageForm.append(notice, to: &buffer)
        return buffer
    }

    @Test func membersComeInTheirOrder() throws {
        let info = ClientInfo(client: "c", user: "u", info: "[1,\n2]")
        let all = try Sample.delivery(
            ByteBuffer(string: "hello"),
            .text,
            event: "price",
            id: "m-1",
            publisher: info,
            channel: "news"
        )
        #expect(
            String(buffer: form(all))
                == #"{"cursor":"k3f9zq-12","channel":"news","event":"price","id":"m-1","time":1732150000123,"#
                + #""type":"text/plain;charset=utf-8","data":"hello","from":{"user":"u","client":"c","info":[1, 2]}}"#
        )
        #expect(
            String(buffer: form(try Sample.json("[1,\r\n2]")))
                == #"{"cursor":"k3f9zq-12","time":1732150000123,"data":[1,  2]}"#
        )
        #expect(
            String(
                buffer: form(try Sample.delivery(ByteBuffer(bytes: [0xFF, 0xD8]), .binary, publisher: ClientInfo()))
            )
                == #"{"cursor":"k3f9zq-12","time":1732150000123,"type":"application/octet-stream","encoding":"base64","data":"/9g="}"#
        )
        #expect(
            String(buffer: form(try Sample.delivery(ByteBuffer(), .binary, publisher: ClientInfo(client: "c"))))
                .hasSuffix(#""data":"","from":{"client":"c"}}"#)
        )
    }

    @Test func otherJSONTypesAreNamed() throws {
        let delivery = try Sample.delivery(ByteBuffer(string: "1"), ContentType("application/ld+json"))
        #expect(String(buffer: form(delivery)).hasSuffix(#","type":"application/ld+json","data":1}"#))
    }

    @Test func gapsSayWhatIsKnown() throws {
        #expect(
            String(buffer: form(try Sample.gap(.expired, missed: 40, channel: "news")))
                == #"{"gap":{"reason":"expired","channel":"news","missed":40},"cursor":"k3f9zq-100"}"#
        )
        #expect(String(buffer: form(try Sample.gap(.epoch))) == #"{"gap":{"reason":"epoch"},"cursor":"k3f9zq-100"}"#)
    }

    @Test func everyMessageComesBack() throws {
        for delivery in try Sample.all {
            for htmlSafe in [false, true] {
                let bytes = form(delivery, htmlSafe: htmlSafe)
                #expect(!bytes.readableBytesView.contains { $0 == 0x0A || $0 == 0x0D })
                if !htmlSafe { #expect(try MessageFormParser.item(bytes) == Sample.received(delivery)) }
                if htmlSafe { #expect(!bytes.readableBytesView.contains { "<>&".utf8.contains($0) }) }
            }
        }
        for notice in [try Sample.gap(.expired, missed: 1, channel: "a"), try Sample.gap(.undeliverable)] {
            #expect(try MessageFormParser.item(form(notice)) == .gap(notice))
        }
    }

    @Test func aBatchIsAnArrayOfThem() throws {
        var buffer = ByteBuffer()
        var batch = BatchForm()
        batch.appendStart(to: &buffer)
        batch.appendEnd(to: &buffer)
        #expect(String(buffer: buffer) == "[]")
        #expect(try MessageFormParser.items(buffer, limit: 0).isEmpty)
        buffer.clear()
        let notice = try Sample.gap(.expired, missed: 3)
        batch.appendStart(to: &buffer)
        batch.append(notice, to: &buffer)
        for delivery in try Sample.all { batch.append(delivery, to: &buffer) }
        batch.appendEnd(to: &buffer)
        #expect(batch.count == 10)
        #expect(try MessageFormParser.items(buffer, limit: 10) == [.gap(notice)] + Sample.all.map(Sample.received))
        #expect(throws: MessageFormError.json(.tooMany(limit: 9))) { try MessageFormParser.items(buffer, limit: 9) }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"cursor":1}"#, #"{"cursor":"a-1"}"#, #"{"cursor":"a-1","time":1}"#, #"{"time":1,"data":1}"#,
        #"{"cursor":"a-1","time":"1","data":1}"#, #"{"cursor":"a-1","time":1,"data":1,"type":"x"}"#,
        #"{"cursor":"a-1","time":1,"data":1,"type":"text/plain"}"#,
        #"{"cursor":"a-1","time":1,"data":"AA==","type":"a/b"}"#,
        #"{"cursor":"a-1","time":1,"data":"A","type":"a/b","encoding":"base64"}"#, #"{"cursor":"a-1","gap":{}}"#,
        #"{"cursor":"a-1","gap":{"reason":"x"}}"#, #"{"cursor":"a-1","gap":{"reason":"epoch","missed":-1}}"#,
        #"{"gap":{"reason":"epoch"}}"#, #"{"cursor":"a-1","time":1,"data":1,"channel":"a b"}"#,
        #"{"cursor":"a-1","time":1,"data":1,"from":1}"#, #"{"cursor":"a-1","time":1,"data":1,"event":1}"#,
    ])
    func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: MessageFormError.self) { try MessageFormParser.item(ByteBuffer(string: text)) }
    }

    @Test func unknownMembersArePassedOver() throws {
        let item = try MessageFormParser.item(
            ByteBuffer(string: #"{"new":{"x":1},"cursor":"a-1","time":1,"data":1,"from":{"y":2}}"#)
        )
        #expect(item.cursor == "a-1")
    }
}
