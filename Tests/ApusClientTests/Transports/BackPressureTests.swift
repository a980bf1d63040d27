import ApusClient
import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

@Suite("Back-pressure", .serialized)
struct BackPressureTests {
    private static let streams = [ChannelTransport.webSocket, .eventStream, .stream, .multipart, .iframe]

    @Test("a consumer that pauses holds no more than the limit, and then gets everything", arguments: streams)
    func slowConsumer(transport: ChannelTransport) async throws {
        let news = try ChannelName("news")
        let count = 1_200
        let body = String(repeating: "x", count: 20_000)
        try await withServer({
            $0.hub.retention = Retention(messages: 10_000, bytes: 64 << 20)
            $0.compressesWebSocket = false
        }) { server, client in
            for number in 0..<count { try server.publish("\(number) \(body)", to: news) }
            let peak = EventBox<Int>()
            var options = SubscriptionOptions.quick
            options.limits.bufferedBytes = 128 << 10
            options.onBufferedPeak = { peak.send($0) }
            let subscription = try client.subscribe(to: [news], since: .start, transport: transport, options: options)
            try await withDeadline("all messages", within: .seconds(40)) {
                var next = 0
                for try await event in subscription {
                    let text = try #require(event.message?.text)
                    #expect(text.prefix { $0 != " " } == "\(next)")
                    next += 1
                    // A consumer that is slow at first: the server's 24 MB press meanwhile.
                    if next < 40 { try await Task.sleep(for: .milliseconds(2)) }
                    if next == count { break }
                }
            }
            #expect(!peak.waiting.isEmpty)
            #expect(peak.waiting.allSatisfy { $0 <= 128 << 10 })
            #expect((peak.waiting.max() ?? 0) > 64 << 10)
        }
    }
}
