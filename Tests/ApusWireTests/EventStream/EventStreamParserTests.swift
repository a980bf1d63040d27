import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// The cases of web-platform-tests' `eventsource/format-*`, and limits.
@Suite struct EventStreamParserTests {
    /// An event in short: type, data, last event id.
    struct Event: Hashable, CustomStringConvertible {
        var type = "message"
        var data: String
        var id = ""

        var description: String { "\(type)|\(data.debugDescription)|\(id)" }
    }

    private func read(_ pieces: [ByteBuffer], lastEventID: String = "") throws -> (
        events: [Event], parser: EventStreamParser
    ) {
        var parser = EventStreamParser(lastEventID: lastEventID)
        let events = try pieces.flatMap { try parser.read($0) }
        return (events.map { Event(type: $0.type, data: $0.text, id: $0.lastEventID) }, parser)
    }

    /// Whole, at every split, and byte by byte.
    private func expect(_ stream: [UInt8], _ events: [Event], id: String? = nil, retry: Int64? = nil) throws {
        for pieces in ByteBuffer(bytes: stream).cuts {
            let result = try read(pieces)
            #expect(result.events == events)
            if let id { #expect(result.parser.lastEventID == id) }
            #expect(result.parser.retryMilliseconds == retry)
        }
    }

    private func expect(_ stream: String, _ events: [Event], id: String? = nil, retry: Int64? = nil) throws {
        try expect(Array(stream.utf8), events, id: id, retry: retry)
    }

    @Test(arguments: ["\n", "\r", "\r\n"]) func linesEndInThreeWays(end: String) throws {
        try expect(
            "data: a\(end)data: b\(end)\(end)event: e\(end)data\(end)\(end)",
            [Event(data: "a\nb"), Event(type: "e", data: "")]
        )
    }

    @Test func lineEndsMayBeMixed() throws {
        try expect(
            "data:1\r\ndata:2\rdata:3\ndata:4\r\r\ndata:5\n\r\n\r",
            [Event(data: "1\n2\n3\n4"), Event(data: "5")]
        )
    }

    @Test func oneByteOrderMarkIsSkippedAtTheStart() throws {
        try expect("\u{FEFF}data:1\n\ndata:2\n\n", [Event(data: "1"), Event(data: "2")])
        try expect("\u{FEFF}\u{FEFF}data:1\n\ndata:2\n\n", [Event(data: "2")])
        try expect(
            "data:1\n\n\u{FEFF}data:2\n\n\u{FEFF}\ndata:\u{FEFF}3\n\n",
            [Event(data: "1"), Event(data: "\u{FEFF}3")]
        )
        try expect("\u{FEFF}\n\u{FEFF}data:1\n\n", [])
    }

    @Test func commentsArePassedOver() throws {
        try expect(
            ":\0\ndata:1\r:\(String(repeating: "x", count: 500))\ndata:2\n:\n\n:data:3\n\n",
            [Event(data: "1\n2")]
        )
    }

    @Test func oneLeadingSpaceIsRemoved() throws {
        try expect("data:\ttest\rdata: \ndata:test\n\n", [Event(data: "\ttest\n\ntest")])
        try expect("data:  x \n\n", [Event(data: " x ")])
    }

    @Test func fieldsMayLackAColon() throws {
        try expect("data\n\ndata\ndata\n\ndata:test\n\n", [Event(data: ""), Event(data: "\n"), Event(data: "test")])
        try expect("event\ndata:1\n\nid\ndata:2\n\n", [Event(data: "1"), Event(data: "2")])
    }

    @Test func unknownFieldsArePassedOver() throws {
        try expect(
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\nDATA:x\nData:x\n\n",
            [Event(data: "test\n")]
        )
        try expect("data :x\n\n\0data:x\n\n", [])
    }

    @Test func aNameNeedsData() throws {
        try expect("event:test\n\ndata:x\n\n", [Event(data: "x")])
        try expect("event:test\ndata:x\n\ndata:y\n\n", [Event(type: "test", data: "x"), Event(data: "y")])
        try expect(
            "event:a\nevent:b\ndata:x\n\nevent:c\nevent:\ndata:y\n\n",
            [Event(type: "b", data: "x"), Event(data: "y")]
        )
        try expect("event: message\ndata:x\n\n", [Event(data: "x")])
    }

    @Test func dataBeforeTheEndOfTheStreamIsDiscarded() throws {
        try expect("data:1\n\ndata:2\n", [Event(data: "1")])
        try expect("id:1\ndata:2\n", [], id: "")
        try expect("data:1", [])
    }

    @Test func idsStay() throws {
        try expect(
            "id:a\ndata:1\n\ndata:2\n\nid\ndata:3\n\n",
            [Event(data: "1", id: "a"), Event(data: "2", id: "a"), Event(data: "3")]
        )
        try expect("id: …\u{2026}\ndata:1\n\n", [Event(data: "1", id: "…\u{2026}")])
        let resumed = try read([ByteBuffer(string: "data:1\n\n")], lastEventID: "z")
        #expect(resumed.events == [Event(data: "1", id: "z")])
    }

    @Test func anIDWithoutDataIsKeptForTheReconnect() throws {
        try expect("retry: 2000\nid: k-1\n\n", [], id: "k-1", retry: 2000)
        try expect("retry: 2000\nid: k-1\n", [], id: "", retry: 2000)
    }

    @Test func anIDWithNULIsIgnored() throws {
        try expect("id:a\nid:b\0c\ndata:1\n\n", [Event(data: "1", id: "a")])
        try expect("id:\0\ndata:1\n\n", [Event(data: "1")])
    }

    @Test func dataMayHoldNUL() throws {
        try expect("data:\0\n\ndata:1\0\n\n", [Event(data: "\0"), Event(data: "1\0")])
    }

    @Test func retryIsDigitsOnly() throws {
        try expect("retry:3000\n", [], retry: 3000)
        try expect("retry: 03000\n", [], retry: 3000)
        for bogus in ["3000x", "", " ", "1.5", "-1", "+1", " 1", "１", "99999999999999999999"] {
            try expect("retry:5\nretry: \(bogus)\n", [], retry: 5)
        }
    }

    @Test func bytesThatAreNoUTF8AreReplaced() throws {
        try expect([UInt8]("data:".utf8) + [0xE2, 0x80, 0x0A, 0x0A], [Event(data: "\u{FFFD}")])
        try expect([UInt8]("data:ok ".utf8) + [0xFF, 0x41, 0xC3, 0x0D, 0x0D], [Event(data: "ok \u{FFFD}A\u{FFFD}")])
        try expect(
            [UInt8]("event:".utf8) + [0x80, 0x0A] + Array("id:".utf8) + [0xF5, 0x0A] + Array("data:é\n\n".utf8),
            [Event(type: "\u{FFFD}", data: "é", id: "\u{FFFD}")]
        )
        try expect("data:ok…\u{1F600}\n\n", [Event(data: "ok…😀")])
    }

    // MARK: - Limits

    @Test func linesAreLimited() throws {
        for pieces in ByteBuffer(string: "data:67890\ndata:67890\r\n\n").cuts {
            var parser = EventStreamParser(maximumLineBytes: 10)
            #expect(try pieces.flatMap { try parser.read($0) }.count == 1)
        }
        for text in ["data:678901\n\n", ":2345678901", "data\n\n:2345678901\n"] {
            for pieces in ByteBuffer(string: text).cuts {
                var parser = EventStreamParser(maximumLineBytes: 10)
                #expect(throws: EventStreamError.lineTooLong(limit: 10)) {
                    for piece in pieces { _ = try parser.read(piece) }
                }
                #expect(throws: EventStreamError.lineTooLong(limit: 10)) { try parser.read(ByteBuffer(string: "\n")) }
            }
        }
    }

    @Test func eventsAreLimited() throws {
        var parser = EventStreamParser(maximumEventBytes: 4)
        #expect(try parser.read(ByteBuffer(string: "data:1\ndata:23\n\ndata:1234\n\n")).count == 2)
        #expect(throws: EventStreamError.eventTooLarge(limit: 4)) {
            try parser.read(ByteBuffer(string: "data:1\ndata:234\n"))
        }
        #expect(throws: EventStreamError.eventTooLarge(limit: 4)) { try parser.read(ByteBuffer()) }
        // Line feeds count as well, so that empty lines can't fill the memory.
        var empty = EventStreamParser(maximumEventBytes: 4)
        #expect(throws: EventStreamError.self) {
            try empty.read(ByteBuffer(string: String(repeating: "data\n", count: 100)))
        }
    }

    // MARK: - Noise

    @Test func noiseReadsTheSameHoweverItIsCut() throws {
        var random = SeededGenerator(seed: 3)
        let words =
            [
                "data", "data:", "event:", "id:", "retry:1", ":", " ", "\n", "\r", "\r\n", "\n\n", "\0", "é",
                "\u{FEFF}", "x",
            ].map {
                Array($0.utf8)
            } + [[0xFF], [0xC3]]
        var count = 0
        for _ in 0..<1_000 {
            let stream = (0..<Int.random(in: 1...30, using: &random)).flatMap { _ in
                words.randomElement(using: &random) ?? []
            }
            let whole = try read([ByteBuffer(bytes: stream)])
            count += whole.events.count
            var pieces: [ByteBuffer] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...5, using: &random))
                pieces.append(ByteBuffer(bytes: piece))
                rest = rest.dropFirst(piece.count)
            }
            let cut = try read(pieces)
            #expect(cut.events == whole.events)
            #expect(cut.parser.lastEventID == whole.parser.lastEventID)
        }
        #expect(count > 100)
    }
}
