import ApusTestSupport
import ApusCore
import Testing

@testable import ApusServer

@Suite struct AcceptedTypesTests {
    @Test func rangesHaveWeights() {
        let accept = AcceptedTypes(
            "text/plain;q=0.5, Text/HTML;level=1 ; Q=1.000 ,text/*;q=0.25,*/*;q=0.001, image/png;q=0"
        )
        #expect(accept.weight(of: "text/plain") == 500)
        #expect(accept.weight(of: "text/html") == 1000)
        #expect(accept.weight(of: "text/css") == 250)
        #expect(accept.weight(of: "audio/ogg") == 1)
        #expect(accept.weight(of: "image/png") == 0)
        #expect(accept.weight(of: "nonsense") == nil)
        #expect(AcceptedTypes("text/plain").weight(of: "text/html") == nil)
    }

    @Test(arguments: [
        "text", "/", "text/", "/plain", "*/plain", "a/b/c", "a/b;q", "a/b;q=", "a/b;q=2", "a/b;q=1.001", "a/b;q=-1",
        "a/b;q=0.0001", "a/b;q=.5", "a/b;q=x", ";q=1", ",,,",
    ])
    func malformedRangesAreLeftOut(text: String) {
        #expect(AcceptedTypes(text).ranges.isEmpty)
        #expect(AcceptedTypes(text + ", a/c").ranges.count == 1)
    }

    @Test func quotedParametersHoldSeparators() {
        let accept = AcceptedTypes(#"text/plain;x="a,b;q=0\"";q=0.5,text/html"#)
        #expect(accept.ranges.map(\.weight) == [500, 1000])
    }

    @Test func readingIsBounded() {
        let long = Array(repeating: "a/b", count: 200).joined(separator: ",")
        #expect(AcceptedTypes(long).ranges.count == HeaderList.maximumElements)
        #expect(AcceptedTypes(String(repeating: "a", count: AcceptedTypes.maximumLength + 1)).ranges.isEmpty)
        #expect(AcceptedTypes(nil).ranges.isEmpty)
    }

    @Test func rawIsAskedForByATypeOtherThanJSON() {
        for text in ["text/plain", "image/png, */*;q=0.1", "text/plain, application/vnd.a+json"] {
            #expect(AcceptedTypes(text).asksForRaw, "\(text)")
        }
        for text in [
            "", "*/*", "text/*", "application/json", "application/json, text/plain, */*", "text/plain;q=0",
            "application/vnd.a+json",
        ] {
            #expect(!AcceptedTypes(text).asksForRaw, "\(text)")
        }
    }

    @Test func messagesMatchByTheirEssence() throws {
        let accept = AcceptedTypes("text/plain, image/*, image/gif;q=0")
        #expect(accept.accepts(.text))
        #expect(try accept.accepts(ContentType("image/PNG")))
        #expect(try !accept.accepts(ContentType("image/gif")))
        #expect(!accept.accepts(.json))
    }

    @Test func anyTextIsRead() {
        var generator = SeededGenerator(seed: 3)
        let pieces = ["text", "/", "*", ";", "q", "=", "0", ".", "5", ",", "\"", "\\", " ", "\t", "é", "1"]
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<generator.next(below: 24) { text += pieces[generator.next(below: pieces.count)] }
            let accept = AcceptedTypes(text)
            #expect(accept.ranges.allSatisfy { (0...1000).contains($0.weight) })
            _ = WaitPreference.seconds(text)
            _ = EntityTagCondition(text).matches("\"a\"")
        }
    }
}
