import ApusCore
import NIOCore

/// What a program's closure throws, in the protocol's words.
enum SessionRefusal: Error {
    case error(SessionError)
    case disconnect(SessionDisconnect)

    init(_ error: any Error) {
        switch error {
        case let error as SessionError: self = .error(error)
        case let reason as SessionDisconnect: self = .disconnect(reason)
        case let error as ApusError: self = .error(SessionError(error))
        default: self = .error(.internalError)
        }
    }

    /// Runs a closure in a task of its own, and hands what comes of it back to the loop.
    static func run<Decision: Sendable>(
        on eventLoop: any EventLoop,
        _ work: @escaping @Sendable () async throws -> Decision,
        then handler: @escaping (Result<Decision, SessionRefusal>) -> Void
    ) {
        let handler = NIOLoopBound(handler, eventLoop: eventLoop)
        Task {
            let result: Result<Decision, SessionRefusal>
            do {
                result = .success(try await work())
            } catch {
                result = .failure(SessionRefusal(error))
            }
            eventLoop.execute { handler.value(result) }
        }
    }
}

extension SessionError {
    /// What a session's client is told of an error that plain requests know.
    init(_ error: ApusError) {
        switch error.code {
        case .invalidChannel, .invalidCursor, .invalidParameter, .invalidMessage, .badRequest: self = .badRequest
        case .messageTooLarge, .tooManyChannels, .tooManyConnections, .storageFull: self = .limitExceeded
        default: self = .internalError
        }
    }
}
