import NIOCore
import Synchronization

/// A connection that is being made, and may be given up from another thread.
final class ConnectAttempt: Sendable {
    private struct State {
        /// One for each of the server's addresses that is tried.
        var channels: [any Channel] = []
        var isCancelled = false
    }

    private let state = Mutex(State())

    func began(_ channel: any Channel) {
        let isCancelled = state.withLock { state in
            state.channels.append(channel)
            return state.isCancelled
        }
        if isCancelled { channel.close(promise: nil) }
    }

    func cancel() {
        let channels = state.withLock { state in
            state.isCancelled = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
