import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct EventStreamFramingTests {
    private let framing = EventStreamFraming()

    @Test func fieldsStandInTheirLines() throws {
        #expect(String(buffer: framing.preamble()) == "retry: 2000\nid: k3f9zq-12\n\n")
        #expect(String(buffer: framing.heartbeat()) == ":\n\n")
        #expect(
            String(buffer: framing.bytes(try Sample.text("hello", event: "price")))
                == "id: k3f9zq-12\nevent: price\ndata: hello\n\n"
        )
        #expect(
            String(buffer: framing.bytes(try Sample.json("{\r\n\"a\":1}")))
                == "id: k3f9zq-12\ndata: {\ndata: \"a\":1}\n\n"
        )
        #expect(String(buffer: framing.bytes(try Sample.text(""))) == "id: k3f9zq-12\ndata: \n\n")
        #expect(
            String(buffer: framing.bytes(try Sample.text("a\rb\n\r\n")))
                == "id: k3f9zq-12\ndata: a\ndata: b\ndata: \ndata: \n\n"
        )
        #expect(
            String(buffer: framing.bytes(try Sample.gap(.expired, missed: 40)))
                == "id: k3f9zq-100\nevent: gap\ndata: {\"reason\":\"expired\",\"missed\":40}\n\n"
        )
    }

    @Test func binaryDataIsADataURL() throws {
        let png = try Sample.delivery(ByteBuffer(bytes: [0x89, 0x50, 0x4E, 0x47]), ContentType("image/png"))
        #expect(String(buffer: framing.bytes(png)) == "id: k3f9zq-12\ndata: data:image/png;base64,iVBORw==\n\n")
        let odd = try Sample.delivery(ByteBuffer(), ContentType("a/b; c=\"d,e#%\""))
        #expect(
            String(buffer: framing.bytes(odd)) == "id: k3f9zq-12\ndata: data:a/b;%20c=%22d%2Ce%23%25%22;base64,\n\n"
        )
    }

    @Test func injectedFieldsStayData() throws {
        let bytes = framing.bytes(try Sample.text("x\n\nid: evil\r\revent: evil\r\n\r\nretry: 1"))
        var parser = EventStreamParser()
        let events = try parser.read(bytes)
        #expect(events.map(\.text) == ["x\n\nid: evil\n\nevent: evil\n\nretry: 1"])
        #expect(events.first?.lastEventID == Sample.cursor)
        #expect(parser.retryMilliseconds == nil)
    }

    @Test func severalChannelsComeInTheJSONForm() throws {
        let delivery = try Sample.text("a\nb", event: "e", channel: "news")
        #expect(
            String(buffer: framing.bytes(delivery))
                == "id: k3f9zq-12\nevent: e\ndata: {\"cursor\":\"k3f9zq-12\",\"channel\":\"news\",\"event\":\"e\","
                + "\"time\":1732150000123,\"type\":\"text/plain;charset=utf-8\",\"data\":\"a\\nb\"}\n\n"
        )
        #expect(
            String(buffer: framing.bytes(try Sample.gap(.epoch, channel: "news")))
                == "id: k3f9zq-100\nevent: gap\ndata: {\"reason\":\"epoch\",\"channel\":\"news\"}\n\n"
        )
    }

    @Test func theEnvelopeComesBackWhole() throws {
        let framing = EventStreamFraming(envelope: true)
        var stream = framing.preamble()
        for delivery in try Sample.all {
            stream.writeImmutableBuffer(framing.bytes(delivery))
            stream.writeImmutableBuffer(framing.heartbeat())
        }
        for pieces in [[stream], stream.bytewise] {
            var parser = EventStreamParser()
            var items: [ReceivedItem] = []
            for piece in pieces {
                for event in try parser.read(piece) {
                    #expect(event.type == "message")
                    items.append(try MessageFormParser.item(event.data))
                }
            }
            #expect(try items == Sample.all.map(Sample.received))
            #expect(parser.retryMilliseconds == 2000)
        }
    }

    @Test func dataComesBackWithLineFeeds() throws {
        for delivery in try Sample.all where delivery.channel == nil {
            let message = delivery.publication.message
            var parser = EventStreamParser()
            let events = try parser.read(framing.bytes(delivery))
            #expect(events.count == 1)
            let event = try #require(events.first)
            #expect(event.type == message.event ?? "message")
            #expect(event.lastEventID == Sample.cursor)
            if message.contentType.kind == .binary {
                let prefix = "data:\(message.contentType);base64,"
                #expect(event.text.hasPrefix(prefix))
                #expect(Base64.decode(String(event.text.dropFirst(prefix.count))) == message.data)
            } else {
                let text = String(buffer: message.data).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
                #expect(event.text == text)
            }
        }
    }

    @Test func gapsComeBack() throws {
        let notice = try Sample.gap(.expired, missed: 40)
        var parser = EventStreamParser()
        let event = try #require(try parser.read(framing.bytes(notice)).first)
        #expect(event.type == Message.gapEvent)
        #expect(try MessageFormParser.notice(value: event.data, cursor: event.lastEventID) == notice)
    }
}
