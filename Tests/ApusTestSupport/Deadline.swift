/// The time was up before something happened that a test waits for.
package struct DeadlineExceeded: Error, CustomStringConvertible {
    /// What the test waited for.
    package let awaited: String
    package let duration: Duration
    /// What had happened instead; empty where nothing is known.
    package var observed: String

    package init(awaited: String, duration: Duration, observed: String = "") {
        self.awaited = awaited
        self.duration = duration
        self.observed = observed
    }

    package var description: String {
        "waited \(duration) for \(awaited)" + (observed.isEmpty ? "" : "; \(observed)")
    }
}

/// Runs an operation and gives up when it takes too long: the error names what was awaited.
///
/// The operation is cancelled then, but not waited for: a deadline that an operation could outlive by ignoring its
/// cancellation would be none.
package func withDeadline<Value: Sendable>(
    _ awaited: String,
    within duration: Duration = .seconds(10),
    operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let (outcome, continuation) = AsyncThrowingStream<Value, any Error>.makeStream()
    let work = Task {
        do {
            continuation.yield(try await operation())
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }
    let timer = Task {
        // Cancelled when the operation was faster.
        guard (try? await Task.sleep(for: duration)) != nil else { return }
        continuation.finish(throwing: DeadlineExceeded(awaited: awaited, duration: duration))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    for try await value in outcome { return value }
    // The stream ends without a value only when this task was cancelled.
    throw CancellationError()
}
