import NIOCore

/// The connections for single requests: those that are not in use wait for the next request.
actor RequestConnections {
    /// The most connections that wait; requests at the same time get as many as they are.
    private static let maximumIdle = 4
    /// How long a connection may wait, well below the server's 75 seconds, so that a request seldom meets a connection
    /// that is just being closed.
    private static let maximumIdleTime = Duration.seconds(30)

    private let address: ServerAddress
    private let limits: ClientLimits
    private let group: any EventLoopGroup
    private var idle: [(connection: HTTPConnection, since: ContinuousClock.Instant)] = []

    init(address: ServerAddress, limits: ClientLimits, group: any EventLoopGroup) {
        self.address = address
        self.limits = limits
        self.group = group
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter isRepeatable: Whether it may be sent once more when a connection that had waited turns out to be closed
    ///   (RFC 9110 §9.2.2).
    func answer(to request: Request, isRepeatable: Bool) async throws(ClientError) -> Answer {
        if let connection = waiting() {
            do throws(ClientError) {
                return try await answer(to: request, on: connection)
            } catch {
                guard isRepeatable, error.code == .connectionFailed, !Task.isCancelled else { throw error }
            }
        }
        let connection = try await HTTPConnection.open(to: address, limits: limits, group: group)
        return try await answer(to: request, on: connection)
    }

    private func answer(to request: Request, on connection: HTTPConnection) async throws(ClientError) -> Answer {
        let answer = try await connection.answer(to: request)
        if connection.isOpen, idle.count < Self.maximumIdle {
            idle.append((connection, .now))
        }
        return answer
    }

    private func waiting() -> HTTPConnection? {
        while let (connection, since) = idle.popLast() {
            if connection.isOpen, .now - since < Self.maximumIdleTime { return connection }
        }
        return nil
    }
}
