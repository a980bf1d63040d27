import ApusTestSupport
import Foundation
import Glibc
import Synchronization

/// The Chrome DevTools Protocol over a socket: JSON messages, each ended by a zero byte.
///
/// Commands are answered by number; events go to whoever listens to their session.
final class DevToolsConnection: Sendable {
    typealias Answer = Result<JSONValue, DevToolsError>

    struct Event: Sendable {
        let method: String
        let parameters: JSONValue
    }

    private struct Command: Encodable {
        let id: Int
        let method: String
        let params: JSONValue
        let sessionId: String?
    }

    /// An answer (with an id) or an event (with a method).
    private struct Incoming: Decodable {
        struct Refusal: Decodable {
            let code: Int
            let message: String
        }

        let id: Int?
        let method: String?
        let params: JSONValue?
        let result: JSONValue?
        let error: Refusal?
        let sessionId: String?
    }

    private struct Pending {
        let session: String?
        let answer: EventBox<Answer>
    }

    private struct State {
        var nextID = 1
        var pending: [Int: Pending] = [:]
        var listeners: [String: @Sendable (Event) -> Void] = [:]
        var isClosed = false
    }

    private let socket: Int32
    private let state = Mutex(State())

    /// Takes the socket over, and closes it when the other side does.
    init(socket: Int32) {
        self.socket = socket
        Thread.detachNewThread { [self] in readAll() }
    }

    /// Sends a command and waits for its answer.
    @discardableResult
    func call(
        _ method: String,
        _ parameters: JSONValue = [:],
        session: String? = nil,
        within duration: Duration = .seconds(10)
    ) async throws -> JSONValue {
        let (id, answer) = try send(method, parameters, session: session)
        defer { state.withLock { $0.pending[id] = nil } }
        return try await answer.next("answer to \(method)", within: duration).get()
    }

    /// Sends a command whose answer does not matter.
    func post(_ method: String, _ parameters: JSONValue = [:], session: String? = nil) {
        _ = try? send(method, parameters, session: session)
    }

    /// Gives the events of a session to a function, which runs on the reading thread and must not wait.
    func listen(to session: String, _ listener: @escaping @Sendable (Event) -> Void) {
        state.withLock { $0.listeners[session] = listener }
    }

    /// Forgets a session: what it still waits for fails.
    func forget(session: String, because reason: String) {
        let orphans = state.withLock { state in
            state.listeners[session] = nil
            return state.pending.values.filter { $0.session == session }
        }
        for orphan in orphans { orphan.answer.send(.failure(DevToolsError(method: "", message: reason))) }
    }

    /// Says that no more commands will come; the browser takes that as its end.
    func hangUp() {
        state.withLock { state in
            if !state.isClosed { _ = shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private func send(
        _ method: String,
        _ parameters: JSONValue,
        session: String?
    ) throws -> (id: Int, answer: EventBox<Answer>) {
        try state.withLock { state in
            guard !state.isClosed else { throw DevToolsError(method: method, message: "the browser has ended") }
            let id = state.nextID
            let command = Command(id: id, method: method, params: parameters, sessionId: session)
            let bytes = try JSONEncoder().encode(command) + [0]
            state.nextID += 1
            let answer = EventBox<Answer>()
            state.pending[id] = Pending(session: session, answer: answer)
            try write(bytes, for: method)
            return (id, answer)
        }
    }

    /// Under the lock, so that commands do not mix. They are small against the socket's buffer.
    private func write(_ bytes: Data, for method: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Without a signal: a browser that has died must not end the tests.
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw DevToolsError(method: method, message: "the browser has hung up")
            }
        }
    }

    private func readAll() {
        var unread = Data()
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count == -1, errno == EINTR { continue }
            guard count > 0 else { break }
            var rest = chunk[..<count]
            while let end = rest.firstIndex(of: 0) {
                unread += rest[..<end]
                receive(unread)
                unread = Data()
                rest = rest[(end + 1)...]
            }
            unread += rest
        }
        let orphans = state.withLock { state in
            state.isClosed = true
            state.listeners = [:]
            close(socket)
            return Array(state.pending.values)
        }
        for orphan in orphans {
            orphan.answer.send(.failure(DevToolsError(method: "", message: "the browser has ended")))
        }
    }

    private func receive(_ message: Data) {
        guard let incoming = try? JSONDecoder().decode(Incoming.self, from: message) else { return }
        if let id = incoming.id {
            let pending = state.withLock { $0.pending.removeValue(forKey: id) }
            if let refusal = incoming.error {
                pending?.answer.send(.failure(DevToolsError(method: "", message: refusal.message)))
            } else {
                pending?.answer.send(.success(incoming.result ?? .null))
            }
        } else if let method = incoming.method, let session = incoming.sessionId {
            let listener = state.withLock { $0.listeners[session] }
            listener?(Event(method: method, parameters: incoming.params ?? [:]))
        }
    }
}

/// A command that the browser refused, or that it can no longer answer.
struct DevToolsError: Error, CustomStringConvertible {
    /// The command; empty where the text says enough.
    let method: String
    let message: String

    var description: String { method.isEmpty ? message : "\(method): \(message)" }
}
