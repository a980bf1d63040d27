import ApusTestSupport
import ApusWire
import NIOCore

/// A subscriber that asks again and again on one connection, short or long.
actor PollSubscriber: TestSubscriber {
    private let request: SubscriberRequest
    private let path: String
    private let transport: String
    private var socket: RawSocket
    private var arrivals: [Arrival] = []
    private var taken = 0
    private(set) var cursor: String?
    /// A request has been sent whose answer has not been read.
    private var isAsking = false
    private var isLast = false

    init(_ request: SubscriberRequest, path: String, transport: String, since: String?) async throws {
        self.request = request
        self.path = path
        self.transport = transport
        cursor = since
        socket = try await request.socket()
        try await ask()
        // A short poll is answered at once, and only its answer says where `now` was.
        if transport == "poll" { try await readAnswer() }
    }

    func next() async throws -> Arrival {
        while taken == arrivals.count {
            if isLast {
                // The server waits for that a while, so that its answer is not lost (RFC 9112 §9.6).
                try await socket.close()
                return .end(.answered)
            }
            do {
                if !isAsking { try await ask() }
                try await readAnswer()
            } catch let error as ConnectionEnded where error.observed.isEmpty {
                return .end(.answered)
            }
        }
        let arrival = arrivals[taken]
        taken += 1
        switch arrival {
        case .message(let message): cursor = message.cursor
        case .gap(let gap): cursor = gap.cursor
        case .heartbeat, .end: break
        }
        return arrival
    }

    func askAgain() async throws {
        if taken == arrivals.count, !isAsking { try await ask() }
    }

    private func ask() async throws {
        let since = cursor.map { "&since=\($0)" } ?? ""
        isAsking = true
        do {
            try await socket.write(request.head("\(path)?transport=\(transport)\(since)"))
        } catch {
            // A server that has stopped has closed the connection; what it said before is still to be read.
            guard isClosedError(error) else { throw error }
        }
    }

    private func isClosedError(_ error: any Error) -> Bool {
        error is IOError || (error as? ChannelError) == .ioOnClosedChannel
    }

    private func readAnswer() async throws {
        let answer = try await socket.readResponse(within: .seconds(30))
        isAsking = false
        guard answer.status == 200 else { throw UnexpectedStatus(answer) }
        isLast = answer["Connection"] == "close"
        let items = try MessageFormParser.items(ByteBuffer(bytes: answer.body), limit: 1_000)
        arrivals = items.map { Arrival($0) }
        taken = 0
        guard items.isEmpty else { return }
        cursor = answer["ETag"].map { String($0.dropFirst().dropLast()) }
    }

    func cut() async throws { try await socket.reset() }
    func pause() async throws { try await socket.pauseReading() }
    func resume() async throws { try await socket.resumeReading() }
}
