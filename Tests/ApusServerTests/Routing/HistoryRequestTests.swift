import ApusCore
import Testing

@testable import ApusServer

@Suite struct HistoryRequestTests {
    private func read(_ query: String) throws -> HistoryRequest {
        try HistoryRequest(channel: ChannelName("a"), query: Query(query[...]))
    }

    @Test func itBeginsAtTheStart() throws {
        let request = try read("")
        #expect(request.direction == .forward(from: .start))
        #expect(request.limit == 100)
    }

    @Test func parametersAreRead() throws {
        #expect(try read("since=a-5&limit=1000").direction == .forward(from: Since("a-5")))
        #expect(try read("limit=1000").limit == 1000)
        #expect(try read("reverse=true").direction == .backward(from: nil))
        #expect(try read("reverse=true&since=now").direction == .backward(from: nil))
        #expect(try read("reverse=true&since=a-5").direction == .backward(from: Position("a-5")))
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=-1", "reverse=1", "since=a-1.b-1", "since=x", "reverse=true&since=start",
    ])
    func othersAreRefused(query: String) {
        #expect(throws: ApusError.self) { try read(query) }
    }
}
