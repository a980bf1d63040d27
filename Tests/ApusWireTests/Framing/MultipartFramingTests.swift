import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct MultipartFramingTests {
    private let mixed = MultipartFraming(boundary: "b0undary", kind: .mixed)
    private let replace = MultipartFraming(boundary: "b0undary", kind: .replace)

    @Test func partsStandBetweenBoundaries() throws {
        #expect(mixed.contentType == "multipart/mixed; boundary=b0undary")
        #expect(replace.contentType == "multipart/x-mixed-replace; boundary=b0undary")
        #expect(String(buffer: mixed.preamble()) == "--b0undary\r\n")
        #expect(
            String(buffer: mixed.bytes(try Sample.text("hi\n", event: "e", channel: "news")))
                == "Content-Type: text/plain;charset=utf-8\r\nContent-Length: 3\r\nApus-Cursor: k3f9zq-12\r\n"
                + "Apus-Channel: news\r\nApus-Event: e\r\nApus-Time: 1732150000123\r\n\r\nhi\n\r\n--b0undary\r\n"
        )
        #expect(
            String(buffer: replace.bytes(try Sample.text("")))
                == "Content-Type: text/plain;charset=utf-8\r\nContent-Length: 0\r\nApus-Cursor: k3f9zq-12\r\n"
                + "Apus-Time: 1732150000123\r\n\r\n\r\n--b0undary\r\n"
        )
        #expect(String(buffer: replace.heartbeat()) == "Apus-Heartbeat: 1\r\n")
    }

    @Test func gapsArePartsOnlyWhereEveryPartCounts() throws {
        let gap = try Sample.gap(.expired, missed: 40)
        #expect(
            String(buffer: mixed.bytes(gap))
                == "Content-Type: application/vnd.apus.gap+json\r\nContent-Length: 32\r\nApus-Cursor: k3f9zq-100\r\n\r\n"
                + "{\"reason\":\"expired\",\"missed\":40}\r\n--b0undary\r\n"
        )
        #expect(replace.bytes(gap) == ByteBuffer())
    }

    @Test(arguments: [
        "b0undary", "--b0undary--", "xx\r\n--b0undary\r\nContent-Type: text/html\r\n\r\n", "b0b0undary\0",
    ])
    func whatHoldsTheBoundaryIsLeftOut(text: String) throws {
        let data = try Sample.text(text)
        #expect(
            String(buffer: mixed.bytes(data)).contains(
                "\r\n\r\n{\"reason\":\"undeliverable\",\"missed\":1}\r\n--b0undary\r\n"
            )
        )
        #expect(replace.bytes(data) == ByteBuffer())
    }

    @Test(arguments: ["b0undar", "0undary", "b0undarb0undar", "b0undar\0y", "B0UNDARY"])
    func whatNearlyHoldsItIsNot(text: String) throws {
        #expect(String(buffer: replace.bytes(try Sample.text(text))).contains("\r\n\r\n\(text)\r\n--b0undary"))
    }

    @Test func everyMessageComesBack() throws {
        var stream = mixed.preamble()
        let gap = try Sample.gap(.expired, missed: 40, channel: "a")
        stream.writeImmutableBuffer(mixed.bytes(gap))
        for delivery in try Sample.all {
            stream.writeImmutableBuffer(mixed.bytes(delivery))
            stream.writeImmutableBuffer(mixed.heartbeat())
            stream.writeImmutableBuffer(mixed.heartbeat())
        }
        var whole = MultipartParser(boundary: "b0undary")
        let parts = try whole.read(stream)
        try #require(parts.count == 10)
        #expect(parts[0].contentType == MultipartFraming.gapType)
        #expect(try MessageFormParser.notice(value: parts[0].body, cursor: parts[0].cursor ?? "") == gap)
        for (part, delivery) in try zip(parts.dropFirst(), Sample.all) {
            let message = delivery.publication.message
            #expect(part.body == message.data)
            #expect(part.contentType == message.contentType.rawValue)
            #expect(part.cursor == delivery.cursor)
            #expect(part.channel == delivery.channel?.rawValue)
            #expect(part.event == message.event)
            #expect(part.id == message.id)
            #expect(part.time == delivery.publication.time)
        }
        #expect(!whole.hasEnded)
        var again = MultipartParser(boundary: "b0undary")
        #expect(try stream.bytewise.flatMap { try again.read($0) } == parts)
    }

    @Test func messagesComeBackHoweverTheStreamIsCut() throws {
        for delivery in try Sample.all {
            var stream = mixed.preamble()
            stream.writeImmutableBuffer(mixed.heartbeat())
            stream.writeImmutableBuffer(mixed.bytes(delivery))
            for pieces in stream.cuts {
                var parser = MultipartParser(boundary: "b0undary")
                let bodies = try pieces.flatMap { try parser.read($0) }.map(\.body)
                #expect(bodies == [delivery.publication.message.data])
            }
        }
    }
}
