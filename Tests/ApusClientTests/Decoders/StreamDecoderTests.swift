import ApusClient
import ApusCore
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// Every decoder on what the server's framings write.
@Suite("Stream decoders")
struct StreamDecoderTests {
    /// A framing with its decoder.
    enum Pair: String, CaseIterable, Sendable {
        case eventStream, lines, multipart, iframe

        func decoder(_ channels: [ChannelName], limit: Int = 1 << 20) -> any StreamDecoder {
            let translation = ItemTranslation(channels: channels, messageBytes: limit)
            return switch self {
            case .eventStream: EventStreamDecoder(translation, lineBytes: limit)
            case .lines: LineDecoder(translation, lineBytes: limit)
            case .multipart: MultipartDecoder(translation, boundary: "b0undary")
            case .iframe: IframeDecoder(translation, lineBytes: limit)
            }
        }

        var framing: any StreamFraming {
            switch self {
            case .eventStream: EventStreamFraming(envelope: true)
            case .lines: NDJSONFraming()
            case .multipart: MultipartFraming(boundary: "b0undary", kind: .mixed)
            case .iframe: IframeFraming()
            }
        }
    }

    private static func messages() throws -> [(Message, String)] {
        func message(_ text: String, _ type: ContentType, event: String? = nil, id: String? = nil) throws -> Message {
            try Message(data: ByteBuffer(string: text), contentType: type, event: event, id: id)
        }
        return [
            (try message("hello", .text), "abc-1"),
            (try message("two\nlines </script> \u{2028}é", .text, event: "née", id: "m-2"), "abc-2"),
            (try message(#"{"__proto__":{"a":"\u0041\""},"b":[1,2]}"#, .json, event: "price"), "abc-3"),
            (try message("", .text), "abc-4"),
            (try Message(data: ByteBuffer(bytes: Array(0...255)), contentType: ContentType("image/png")), "abc-5"),
        ]
    }

    private static func stream(_ pair: Pair, channel: ChannelName?, suffix: String) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        let framing = pair.framing
        framing.appendPreamble(cursor: "abc-0" + suffix, to: &bytes)
        for (index, (message, cursor)) in try messages().enumerated() {
            framing.append(
                Delivery(
                    publication: Publication(message: message, offset: UInt64(index) + 1, time: 1_732_150_000_123),
                    cursor: cursor + suffix,
                    channel: channel
                ),
                to: &bytes
            )
            framing.appendHeartbeat(to: &bytes)
        }
        framing.append(
            GapNotice(gap: Gap(reason: .expired, missed: 3), cursor: "abc-9" + suffix, channel: channel),
            to: &bytes
        )
        return bytes
    }

    private static func check(_ events: [SubscriptionEvent], _ pair: Pair, on channel: ChannelName, suffix: String)
        throws
    {
        let messages = try messages()
        try #require(events.count == messages.count + 1)
        for (event, (message, cursor)) in zip(events, messages) {
            let received = try #require(event.message)
            #expect(received.data == message.data)
            #expect(received.contentType == message.contentType)
            #expect(received.event == message.event)
            #expect(received.channel == channel)
            #expect(received.cursor == Cursor(cursor + suffix))
            #expect(received.id == message.id)
            #expect(received.time == 1_732_150_000_123)
        }
        let cursor = try #require(Cursor("abc-9" + suffix))
        let gap = ChannelGap(cursor: cursor, channel: channel, gap: Gap(reason: .expired, missed: 3))
        #expect(events.last == .gap(gap))
    }

    @Test("messages and gaps arrive as they were, whole", arguments: Pair.allCases)
    func whole(pair: Pair) throws {
        let news = try ChannelName("news")
        var decoder = pair.decoder([news])
        try Self.check(try decoder.read(Self.stream(pair, channel: nil, suffix: "")), pair, on: news, suffix: "")
    }

    @Test("messages and gaps arrive as they were, byte by byte, on one of two channels", arguments: Pair.allCases)
    func byteByByte(pair: Pair) throws {
        let names = [try ChannelName("news"), try ChannelName("a,b")]
        var decoder = pair.decoder(names)
        var events: [SubscriptionEvent] = []
        for byte in try Self.stream(pair, channel: names[1], suffix: ".xyz-4").readableBytesView {
            events += try decoder.read(ByteBuffer(bytes: [byte]))
        }
        try Self.check(events, pair, on: names[1], suffix: ".xyz-4")
    }

    @Test("every cut in two gives the same", arguments: Pair.allCases)
    func everySplit(pair: Pair) throws {
        let news = try ChannelName("news")
        let stream = try Self.stream(pair, channel: nil, suffix: "")
        var whole = pair.decoder([news])
        let expected = try whole.read(stream)
        for cut in 0...stream.readableBytes {
            var rest = stream
            var decoder = pair.decoder([news])
            let first = rest.readSlice(length: cut) ?? ByteBuffer()
            let events = try decoder.read(first) + decoder.read(rest)
            if events != expected { Issue.record("cut at \(cut)") }
        }
    }

    @Test("changed bytes never trap", arguments: Pair.allCases)
    func fuzz(pair: Pair) throws {
        var generator = SeededGenerator(seed: 20_251_121)
        let news = try ChannelName("news")
        let stream = Array(try Self.stream(pair, channel: nil, suffix: "").readableBytesView)
        var refused = 0
        for _ in 0..<1_000 {
            var bytes = stream
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: .min ... .max,
                    using: &generator
                )
            }
            var decoder = pair.decoder([news])
            do {
                for piece in generator.pieces(of: bytes, atMost: 700) {
                    _ = try decoder.read(ByteBuffer(bytes: piece))
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test("a message above the limit is refused as that", arguments: Pair.allCases)
    func limit(pair: Pair) throws {
        var bytes = ByteBuffer()
        pair.framing.appendPreamble(cursor: "abc-0", to: &bytes)
        let message = try Message(data: ByteBuffer(repeating: 97, count: 5_000), contentType: .text)
        let publication = Publication(message: message, offset: 1, time: 0)
        pair.framing.append(Delivery(publication: publication, cursor: "abc-1"), to: &bytes)
        var decoder = pair.decoder([try ChannelName("news")], limit: 4_000)
        let error = #expect(throws: ClientError.self) { try decoder.read(bytes) }
        #expect(error?.code == .limitExceeded)
    }

    @Test("an event stream tells where it stands before its first message, and how long to wait")
    func eventStreamPreamble() throws {
        var decoder = Pair.eventStream.decoder([try ChannelName("news")])
        #expect(try decoder.read(ByteBuffer(string: "retry: 2000\nid: abc-7\n\n")).isEmpty)
        #expect(decoder.cursor == Cursor("abc-7"))
        #expect(decoder.retry == .seconds(2))
    }

    @Test("a cursor on another number of channels is refused", arguments: Pair.allCases)
    func foreignCursor(pair: Pair) throws {
        var decoder = pair.decoder([try ChannelName("news"), try ChannelName("more")])
        let stream = try Self.stream(pair, channel: try ChannelName("news"), suffix: "")
        let error = #expect(throws: ClientError.self) { try decoder.read(stream) }
        #expect(error?.code == .protocolViolation)
    }

    @Test(
        "a multipart stream's boundary is found",
        arguments: [
            ("multipart/mixed; boundary=abc", "abc"), ("multipart/mixed; boundary=\"abc\"", "abc"),
            ("Multipart/Mixed; charset=x; boundary=a; q=1", "a"), ("multipart/mixed", nil), ("text/html", nil),
            ("multipart/mixed; boundary=", nil),
        ]
    )
    func boundary(type: String, expected: String?) {
        #expect(MultipartDecoder.boundary(of: type) == expected)
    }
}
