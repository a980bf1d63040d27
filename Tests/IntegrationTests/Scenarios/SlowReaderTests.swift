import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

/// A subscriber that does not read holds up nobody but itself.
@Suite("Scenario: slow readers")
struct SlowReaderTests {
    private static let count = 2_000
    private static let retained = 200
    private static let padding = String(repeating: ".", count: 4_096)

    @Test("a reader that pauses gets what is retained, and is told of all else", arguments: TestTransport.allCases)
    func slowReader(_ transport: TestTransport) async throws {
        try await withServer({ $0.hub.retention.messages = Self.retained }) { server in
            let slow = try await transport.connect(port: server.port, since: "now", receiveBufferBytes: 4_096)
            let healthy = try await TestTransport.ndjson.connect(port: server.port, since: "now")
            try await server.waitForSubscribers(transport == .poll ? 1 : 2)
            try await slow.pause()
            // The healthy one keeps pace, so that it never lags by more than is retained.
            for start in stride(from: 0, to: Self.count, by: 50) {
                for index in start..<(start + 50) { try server.publish("\(index)\(Self.padding)") }
                let numbers = try await healthy.messages(50).map(Self.number)
                #expect(numbers == Array(start..<(start + 50)))
            }
            try await slow.resume()
            try await expectOrder(on: slow, transport)
        }
    }

    private static func number(_ message: Received) -> Int? {
        Int(message.text.prefix { $0 != "." })
    }

    /// Everything in order up to the end, with jumps only where a gap says so, as far as it says.
    private func expectOrder(on subscriber: any TestSubscriber, _ transport: TestTransport) async throws {
        var expected = 0
        var gaps = 0
        while expected < Self.count {
            switch try await subscriber.next() {
            case .message(let message):
                #expect(Self.number(message) == expected)
                expected += 1
            case .gap(let gap):
                gaps += 1
                #expect(gap.reason == "expired")
                expected += Int(try #require(gap.missed))
            case .heartbeat: continue
            case .end(let end):
                // Eight megabytes don't fit into the kernel's buffers: a raw socket must have run into the gap.
                #expect(transport == .rawWebSocket)
                #expect(end == .closeFrame(4010))
                return
            }
        }
        #expect(expected == Self.count)
        // Eight megabytes don't fit into the kernel's buffers; now and then they may have taken a little more.
        #expect(gaps >= 1)
    }
}
