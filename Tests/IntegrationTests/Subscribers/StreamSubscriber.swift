import ApusTestSupport
import NIOCore

/// A subscriber of an answer without end.
actor StreamSubscriber<Reader: BodyReader>: TestSubscriber {
    private let socket: RawSocket
    private var chunks = ChunkReader()
    private var reader: Reader
    private var arrivals: [Arrival] = []
    private var taken = 0
    private var takenCursor: String?
    /// The answer's head.
    let head: HTTPResponseText

    init(
        _ request: SubscriberRequest,
        path: String,
        reader: (HTTPResponseText) throws -> Reader
    ) async throws {
        socket = try await request.socket()
        try await socket.write(request.head(path))
        head = try await socket.readResponseHead(within: .seconds(30))
        guard head.status == 200 else { throw UnexpectedStatus(head) }
        self.reader = try reader(head)
    }

    var cursor: String? { takenCursor ?? reader.startCursor }

    func next() async throws -> Arrival {
        while taken == arrivals.count {
            arrivals = []
            taken = 0
            let bytes = try await socket.readSome(within: .seconds(30))
            guard !bytes.isEmpty else { return .end(chunks.hasEnded ? .lastChunk : .cutOff) }
            for chunk in try chunks.read(bytes) { arrivals += try reader.read(chunk) }
        }
        let arrival = arrivals[taken]
        taken += 1
        switch arrival {
        case .message(let message): takenCursor = message.cursor
        case .gap(let gap): takenCursor = gap.cursor
        case .heartbeat, .end: break
        }
        return arrival
    }

    func cut() async throws { try await socket.reset() }
    func pause() async throws { try await socket.pauseReading() }
    func resume() async throws { try await socket.resumeReading() }
}

/// The server refused what a test asked for.
struct UnexpectedStatus: Error, CustomStringConvertible {
    let response: HTTPResponseText

    init(_ response: HTTPResponseText) { self.response = response }

    var description: String { "the server answered \(response.status) \(response.text)" }
}
