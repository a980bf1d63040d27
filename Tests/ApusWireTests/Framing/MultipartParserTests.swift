import ApusTestSupport
import ApusWire
import NIOCore
import Testing

@Suite struct MultipartParserTests {
    private func bodies(_ text: String, limit: Int = 1000) throws -> [String] {
        var result: [String]?
        for pieces in ByteBuffer(string: text).cuts {
            var parser = MultipartParser(boundary: "b", maximumBodyBytes: limit)
            let bodies = try pieces.flatMap { try parser.read($0) }.map { String(buffer: $0.body) }
            if let result { #expect(bodies == result) }
            result = bodies
        }
        return result ?? []
    }

    @Test func withoutALengthTheBoundaryEndsABody() throws {
        #expect(
            try bodies("--b\r\n\r\nx\r\n--b\r\nA: b\r\n\r\n\r\n-\r\n--\r\n\r\n--b\r\n\r\n\r\n--b--") == [
                "x", "\r\n-\r\n--\r\n", "",
            ]
        )
    }

    @Test func theLengthEndsABodyWhateverItHolds() throws {
        #expect(
            try bodies("--b\r\nContent-Length: 9\r\n\r\nx\r\n--b\r\ny\r\n--b\r\nCONTENT-LENGTH:0\r\n\r\n\r\n--b\r\n")
                == ["x\r\n--b\r\ny", ""]
        )
    }

    @Test func whatLiesAroundIsPassedOver() throws {
        #expect(
            try bodies("preamble\r\n\r\n-b\r\n--b \t\r\n\r\nx\r\n--b--\r\nepilogue\r\n--b\r\n\r\ny\r\n--b\r\n") == ["x"]
        )
        var parser = MultipartParser(boundary: "b")
        #expect(try parser.read(ByteBuffer(string: "--b--")).isEmpty)
        #expect(parser.hasEnded)
    }

    @Test(arguments: [
        "--bx\r\n", "--b\r\nA\r\n", "--b\r\n:a\r\n", "--b\r\nContent-Length: x\r\n", "--b\r\nContent-Length: -1\r\n",
        "--b\r\nContent-Length: 99999999999999999999\r\n", "--b\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
        "--b\r\nContent-Length: 1\r\n\r\nxy\r\n--b\r\n", "--b\r\n\r\nx\r\n--bx\r\n",
    ])
    func malformedStreamsAreRefusedForGood(text: String) {
        for pieces in ByteBuffer(string: text).cuts {
            var parser = MultipartParser(boundary: "b")
            #expect(throws: MultipartError.self) { for piece in pieces { _ = try parser.read(piece) } }
            #expect(throws: MultipartError.self) { try parser.read(ByteBuffer()) }
        }
    }

    @Test func bodiesAreLimited() throws {
        #expect(
            try bodies("--b\r\nContent-Length: 4\r\n\r\n1234\r\n--b\r\n\r\n1234\r\n--b\r\n", limit: 4) == [
                "1234", "1234",
            ]
        )
        for text in ["--b\r\nContent-Length: 5\r\n", "--b\r\n\r\n12345\r\n--b\r\n", "--b\r\n\r\n1234567890"] {
            for pieces in ByteBuffer(string: text).cuts {
                var parser = MultipartParser(boundary: "b", maximumBodyBytes: 4)
                #expect(throws: MultipartError.bodyTooLarge(limit: 4)) {
                    for piece in pieces { _ = try parser.read(piece) }
                }
            }
        }
    }

    @Test func linesAreLimited() throws {
        let limit = MultipartParser.maximumLineBytes
        var parser = MultipartParser(boundary: "b")
        #expect(
            try parser.read(ByteBuffer(string: "--b\r\nA:" + String(repeating: "x", count: limit - 3) + "\r\n\r\n"))
                .isEmpty
        )
        for start in ["", "--b", "--b\r\n", "--b\r\nA:"] {
            var parser = MultipartParser(boundary: "b")
            #expect(throws: MultipartError.lineTooLong(limit: limit)) {
                try parser.read(ByteBuffer(string: start + String(repeating: " ", count: limit + 1)))
            }
        }
    }

    @Test func noiseNeverTraps() {
        var random = SeededGenerator(seed: 4)
        let words = [
            "--b", "\r\n", "\r\n--b", "--", "Content-Length:", "1", "9", ":", " ", "x", "\r\n\r\n", "\n", "\r", "\0",
        ]
        var count = 0
        var refused = 0
        for _ in 0..<3_000 {
            var parser = MultipartParser(boundary: "b", maximumBodyBytes: 20)
            do {
                _ = try parser.read(ByteBuffer(string: "--b\r\n"))
                for _ in 0..<30 {
                    count += try parser.read(ByteBuffer(string: words.randomElement(using: &random) ?? "")).count
                }
            } catch {
                refused += 1
            }
        }
        #expect(count > 100)
        #expect(refused > 100)
    }
}
