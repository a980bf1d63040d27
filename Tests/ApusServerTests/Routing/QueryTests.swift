import ApusTestSupport
import ApusCore
import Testing

@testable import ApusServer

@Suite struct QueryTests {
    @Test func namesAndValuesAreDecodedInOrder() throws {
        let query = try Query("a=1&b=x+y%2Bz&&c&=d&a=2&%65vent=%C3%A4=1")
        #expect(query.items.map(\.name) == ["a", "b", "c", "", "a", "event"])
        #expect(query.items.map(\.value) == ["1", "x y+z", "", "d", "2", "ä=1"])
        #expect(try query.value(.event) == "ä=1")
        #expect(try Query(nil).items.isEmpty)
        #expect(try Query("").items.isEmpty)
    }

    @Test(arguments: ["a=%", "a=%4", "%zz=1", "a=%FF", "a=%C3", "a=%ED%A0%80", "%+1"])
    func badEscapesAreRefused(text: String) {
        #expect(throws: ApusError.self) { try Query(text[...]) }
    }

    @Test func knownParametersAreGivenOnce() throws {
        #expect(throws: ApusError.self) { try Query("since=now&since=now").value(.since) }
        #expect(try Query("_=1&_=2&since=now").value(.since) == "now")
        #expect(try Query("Since=now").value(.since) == nil)
    }

    @Test func theirNumberIsLimited() throws {
        let most = Array(repeating: "a=1", count: Query.maximumCount).joined(separator: "&")
        #expect(try Query(most[...]).items.count == Query.maximumCount)
        #expect(throws: ApusError.self) { try Query((most + "&a")[...]) }
    }

    @Test func flagsAreTrueOrFalse() throws {
        #expect(try Query("reverse=true").flag(.reverse))
        #expect(try !Query("reverse=false").flag(.reverse))
        #expect(try !Query("").flag(.reverse))
        for text in ["reverse", "reverse=1", "reverse=TRUE"] {
            #expect(throws: ApusError.self) { try Query(text[...]).flag(.reverse) }
        }
    }

    @Test func numbersAreDigitsWithinTheirRange() throws {
        #expect(try Query("limit=100").number(.limit, in: 1...1000) == 100)
        #expect(try Query("limit=007").number(.limit, in: 1...1000) == 7)
        #expect(try Query("").number(.limit, in: 1...1000) == nil)
        for text in ["", "0", "1001", "-1", "+1", "1.5", "1e3", " 1", "٣", "99999999999999999999999999"] {
            #expect(throws: ApusError.self) { try Query("limit=\(text)").number(.limit, in: 1...1000) }
        }
    }

    @Test func anyTextIsReadOrRefused() {
        var generator = SeededGenerator(seed: 2)
        let pieces = ["&", "=", "%", "%4", "%41", "+", "a", "since", "é", "%C3%A9", "%FF", "\0"]
        var accepted = 0
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<generator.next(below: 20) { text += pieces[generator.next(below: pieces.count)] }
            guard let query = try? Query(text[...]) else { continue }
            accepted += 1
            #expect(query.items.count <= Query.maximumCount)
            _ = try? query.value(.since)
        }
        #expect(accepted > 100)
    }
}
