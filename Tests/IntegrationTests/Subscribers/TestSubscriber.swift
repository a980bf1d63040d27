/// A subscriber as a test has one, whatever its transport: it reads what the server wrote with code of its own.
///
/// One task uses it at a time.
protocol TestSubscriber: Actor {
    /// Where to resume after what was taken out so far; nil where the transport has not told, or has no cursors.
    var cursor: String? { get }
    /// The next thing that comes.
    func next() async throws -> Arrival
    /// Ends the connection with a reset, as a client does that dies.
    func cut() async throws
    /// Stops reading: the kernel's buffers fill up.
    func pause() async throws
    func resume() async throws
    /// Sends the request that waits for what comes next, where a transport asks at all.
    func askAgain() async throws
}

extension TestSubscriber {
    func askAgain() async throws {}

    /// The next messages; heartbeats between them are passed over.
    func messages(_ count: Int) async throws -> [Received] {
        var messages: [Received] = []
        messages.reserveCapacity(count)
        while messages.count < count {
            switch try await next() {
            case .message(let message): messages.append(message)
            case .heartbeat: continue
            case let other:
                throw UnexpectedArrival(awaited: "message \(messages.count + 1) of \(count)", arrival: other)
            }
        }
        return messages
    }

    /// The next message.
    func message() async throws -> Received {
        // `messages(1)` gives exactly one.
        try await messages(1)[0]
    }

    /// A gap, which must come next.
    func gap() async throws -> ReceivedGap {
        while true {
            switch try await next() {
            case .gap(let gap): return gap
            case .heartbeat: continue
            case let other: throw UnexpectedArrival(awaited: "a gap", arrival: other)
            }
        }
    }

    /// The end, which must come next.
    func end() async throws -> Arrival.End {
        while true {
            switch try await next() {
            case .end(let end): return end
            case .heartbeat: continue
            case let other: throw UnexpectedArrival(awaited: "the end", arrival: other)
            }
        }
    }
}
