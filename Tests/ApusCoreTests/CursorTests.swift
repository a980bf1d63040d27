import ApusCore
import Testing

@Suite struct CursorTests {
    @Test func textFormRoundTrips() throws {
        let epoch = try #require(Epoch(rawValue: .max))
        let one = Cursor(Position(epoch: epoch, offset: Position.maximumOffset))
        #expect(one.description == "1z141z3-9007199254740991")
        #expect(Cursor(one.description) == one)
        let three = Cursor([Position(epoch: epoch, offset: 0), Position(epoch: epoch, offset: 7), one.positions[0]])
        #expect(Cursor(three.description) == three)
    }

    @Test func entityTagsAreAccepted() {
        #expect(Cursor("\"a-1\"") == Cursor("a-1"))
        #expect(Cursor("W/\"a-1.b-2\"") == Cursor("a-1.b-2"))
    }

    @Test(arguments: [
        "", "-", "a", "a-", "-1", "a-01", "a--1", "a-+1", "0-1", "0a-1", "A-1", "a-1.", ".a-1", "a-1..b-2", "a-1 ",
        " a-1", "a-1\n",
        "1z141z4-1", "zzzzzzzz-1", "a-9007199254740992", "a-99999999999999999999", "\"a-1", "a-1\"", "\"", "W/a-1",
        "a-1,b-2", "ä-1",
        "a-１",
    ])
    func othersAreRefused(text: String) {
        #expect(Cursor(text) == nil)
    }

    @Test func moreThanTheMostPositionsAreRefused() {
        let most = Array(repeating: "a-1", count: Cursor.maximumPositions).joined(separator: ".")
        #expect(Cursor(most)?.positions.count == Cursor.maximumPositions)
        #expect(Cursor(most + ".a-1") == nil)
        #expect(Cursor(String(repeating: "a", count: 1_000_000)) == nil)
    }

    @Test func sinceTakesWordsAndCursors() throws {
        #expect(try Since("start") == .start)
        #expect(try Since("now") == .now)
        #expect(try Since("k3f9zq-12") == .cursor(#require(Cursor("k3f9zq-12"))))
        #expect(throws: ApusError.self) { try Since("yesterday") }
    }
}
