import ApusServer
import ApusTestSupport
import Logging
import NIOPosix

/// One server for all the tests that ask it one thing and change nothing that others see; it ends with the process.
actor SharedServer {
    static let shared = SharedServer()

    private var starting: Task<Server, any Error>?

    static func get() async throws -> Server { try await shared.server() }

    private func server() async throws -> Server {
        if let starting { return try await starting.value }
        let task = Task {
            var configuration = ServerConfiguration()
            configuration.port = 0
            return try await Server.start(
                configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        starting = task
        return try await task.value
    }
}
