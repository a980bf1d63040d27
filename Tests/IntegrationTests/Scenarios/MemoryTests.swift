import ApusTestSupport
import Testing

/// What a server holds is bounded by its configuration, not by how its subscribers behave.
@Suite("Scenario: memory")
struct MemoryTests {
    private static let slow = 200
    private static let messages = 20_000
    private static let messageBytes = 1_024
    /// Retention is 4 MiB (1,000 messages of 1 KiB and what is counted for each). A subscriber that does not read holds at most
    /// one slice of 64 KiB that its socket has not taken; slices are shared, but at worst each has one of its own, framed:
    /// 200 × (64 KiB + framing) are less than 20 MiB. What the kernel has buffered for the sockets is no part of the process. Half
    /// as much again is left to the allocator and to the requests that publish.
    private static let bound = 40 << 20

    @Test(
        "200 subscribers that never read cost no more than a slice each, and hold up nobody",
        .enabled(if: ServerProcess.executable != nil)
    )
    func bounded() async throws {
        await ServerPermits.shared.take()
        let server = try ServerProcess(["--loops", "2"])
        do {
            try await run(server)
        } catch {
            _ = await server.stop()
            await ServerPermits.shared.giveBack()
            throw error
        }
        #expect(await server.stop() == 0)
        await ServerPermits.shared.giveBack()
    }

    private func run(_ server: ServerProcess) async throws {
        let healthy = try await TestTransport.ndjson.connect(port: server.port, since: "now")
        let publisher = try await HTTPClient(port: server.port)
        // Both paths have been walked once before memory is measured.
        try await publish(0..<500, with: publisher)
        _ = try await healthy.messages(500)
        var subscribers: [any TestSubscriber] = []
        for number in 0..<Self.slow {
            let transport = number.isMultiple(of: 2) ? TestTransport.eventStream : .webSocket
            let subscriber = try await transport.connect(port: server.port, since: "now", receiveBufferBytes: 4_096)
            try await subscriber.pause()
            subscribers.append(subscriber)
        }
        let before = try server.residentBytes()
        var highest = before
        let start = ContinuousClock.now
        // A request holds 100 messages; the next is sent once the healthy subscriber has them, so that it never lags.
        for first in stride(from: 500, to: 500 + Self.messages, by: 100) {
            try await publish(first..<(first + 100), with: publisher)
            let received = try await healthy.messages(100)
            #expect(received.map { Int($0.text.prefix { $0 != "." }) } == Array(first..<(first + 100)))
            highest = max(highest, try server.residentBytes())
        }
        let duration = ContinuousClock.now - start
        let head = try await publisher.request("HEAD", "/channels/news")
        #expect(head["Apus-Messages"] == "1000")
        #expect(head["Apus-Subscribers"] == "\(Self.slow + 1)")
        print(
            """
            memory: \(before >> 10) KiB with \(Self.slow) subscribers that do not read; at most \(highest >> 10) KiB while \
            \(Self.messages) messages of \(Self.messageBytes) bytes were published in \(duration); \
            bound: \(Self.bound >> 10) KiB more
            """
        )
        #expect(highest - before < Self.bound)
        for subscriber in subscribers { try await subscriber.cut() }
        try await healthy.cut()
    }

    private func publish(_ numbers: Range<Int>, with publisher: HTTPClient) async throws {
        for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 100) {
            let forms = (first..<min(first + 100, numbers.upperBound)).map { number in
                let text = "\(number)".padding(to: Self.messageBytes)
                return "{\"type\":\"text/plain\",\"data\":\"\(text)\"}"
            }
            let answer = try await publisher.request(
                "POST",
                "/channels/news",
                ["Content-Type: application/vnd.apus.message+json"],
                body: Array("[\(forms.joined(separator: ","))]".utf8)
            )
            #expect(answer.status == 201)
        }
    }
}

extension String {
    /// The text with full stops behind it, so many bytes in all.
    fileprivate func padding(to count: Int) -> String {
        self + String(repeating: ".", count: max(0, count - utf8.count))
    }
}
