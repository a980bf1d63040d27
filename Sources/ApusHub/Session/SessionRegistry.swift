package import NIOCore
import Synchronization

/// Sessions by their secret, for what reaches them by a connection of its own. May be used from any thread.
package final class SessionRegistry: Sendable {
    private let sessions = Mutex<[String: Entry]>([:])

    /// A session and its loop.
    package struct Entry: Sendable {
        package let eventLoop: any EventLoop
        package let session: NIOLoopBound<Session>
    }

    init() {}

    /// The session with this secret, if this server holds it. With several servers, one that is not found here is looked for
    /// on the node that the client names.
    package func find(_ secret: String) -> Entry? {
        sessions.withLock { $0[secret] }
    }

    func add(_ session: Session) {
        let eventLoop = session.shard.eventLoop
        let entry = Entry(eventLoop: eventLoop, session: NIOLoopBound(session, eventLoop: eventLoop))
        sessions.withLock { $0[session.secret] = entry }
    }

    func remove(_ session: Session) {
        sessions.withLock { $0[session.secret] = nil }
    }

    package var count: Int { sessions.withLock { $0.count } }
}
