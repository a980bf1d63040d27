import ApusTestSupport
import Testing

@Suite struct DeadlineTests {
    private struct Refused: Error {}

    @Test func aFastOperationGivesItsValue() async throws {
        #expect(try await withDeadline("a number") { 7 } == 7)
    }

    @Test func anErrorComesThrough() async {
        await #expect(throws: Refused.self) { try await withDeadline("a number") { throw Refused() } }
    }

    @Test func theErrorNamesWhatWasAwaited() async throws {
        let error = await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline("the greeting", within: .milliseconds(5)) { try await Task.sleep(for: .seconds(60)) }
        }
        #expect(error?.awaited == "the greeting")
    }

    @Test func anOperationThatIgnoresItsCancellationIsLeftBehind() async throws {
        let release = EventBox<Void>()
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline("nothing", within: .milliseconds(5)) {
                // A detached task is not cancelled with its parent.
                await Task.detached { _ = try? await release.next("the release") }.value
            }
        }
        release.send(())
    }

    @Test func cancellingTheCallerEndsTheWait() async throws {
        let started = EventBox<Void>()
        let waiting = Task {
            try await withDeadline("nothing") {
                started.send(())
                try await Task.sleep(for: .seconds(60))
            }
        }
        try await started.next("the start")
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
