import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct NDJSONFramingTests {
    private let framing = NDJSONFraming()

    @Test func everyMessageIsALine() throws {
        #expect(framing.preamble() == ByteBuffer())
        #expect(String(buffer: framing.heartbeat()) == "\n")
        #expect(
            String(buffer: framing.bytes(try Sample.json("[\n1]")))
                == "{\"cursor\":\"k3f9zq-12\",\"time\":1732150000123,\"data\":[ 1]}\n"
        )
        #expect(
            String(buffer: framing.bytes(try Sample.gap(.epoch)))
                == "{\"gap\":{\"reason\":\"epoch\"},\"cursor\":\"k3f9zq-100\"}\n"
        )
    }

    @Test func itemsComeBack() throws {
        let notice = try Sample.gap(.expired, missed: 1)
        var stream = framing.bytes(notice)
        for delivery in try Sample.all {
            stream.writeImmutableBuffer(framing.heartbeat())
            stream.writeImmutableBuffer(framing.bytes(delivery))
        }
        for pieces in [[stream], stream.bytewise] {
            var splitter = LineSplitter()
            let items = try pieces.flatMap { try splitter.read($0) }.map { try MessageFormParser.item($0) }
            #expect(try items == [.gap(notice)] + Sample.all.map(Sample.received))
        }
    }

    @Test func linesEndWithLineFeedsAndMayHaveCarriageReturns() throws {
        let stream = ByteBuffer(string: "a\r\n\r\n\nb\rc\nd")
        for pieces in stream.cuts {
            var splitter = LineSplitter()
            #expect(try pieces.flatMap { try splitter.read($0) }.map { String(buffer: $0) } == ["a", "b\rc"])
        }
    }

    @Test func linesAreLimited() throws {
        for pieces in ByteBuffer(string: "1234\r\n1234\n").cuts {
            var splitter = LineSplitter(maximumLineBytes: 4)
            #expect(try pieces.flatMap { try splitter.read($0) }.count == 2)
        }
        for text in ["12345\n", "12345\r\n", "123456", "1\n12345\n"] {
            for pieces in ByteBuffer(string: text).cuts {
                var splitter = LineSplitter(maximumLineBytes: 4)
                #expect(throws: LineSplitter.LineTooLong.self) {
                    for piece in pieces { _ = try splitter.read(piece) }
                }
                #expect(throws: LineSplitter.LineTooLong.self) { try splitter.read(ByteBuffer(string: "1\n")) }
            }
        }
    }
}
