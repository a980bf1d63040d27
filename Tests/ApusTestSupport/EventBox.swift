import Synchronization

/// A collector of what happens: filled from any thread, emptied by a test that waits for "the next three".
///
/// Values come out once, in the order in which they went in. A wait that runs into its deadline takes nothing out, and its
/// error says what was there.
package final class EventBox<Element: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let count: Int
        let continuation: CheckedContinuation<[Element], any Error>
    }

    private struct State {
        var values: [Element] = []
        var isFinished = false
        /// In the order of arrival; only the first may be satisfied.
        var waiters: [Waiter] = []
        var nextID = 0

        /// Takes the waiters out that can go on now, each with what it gets.
        mutating func settle() -> [(Waiter, Result<[Element], any Error>)] {
            var settled: [(Waiter, Result<[Element], any Error>)] = []
            while let waiter = waiters.first {
                if values.count >= waiter.count {
                    settled.append((waiter, .success(Array(values.prefix(waiter.count)))))
                    values.removeFirst(waiter.count)
                } else if isFinished {
                    settled.append((waiter, .failure(EventBoxFinished(remaining: "\(values)"))))
                } else {
                    break
                }
                waiters.removeFirst()
            }
            return settled
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Puts a value in. Ignored after ``finish()``.
    package func send(_ value: Element) {
        change { state in
            guard !state.isFinished else { return }
            state.values.append(value)
        }
    }

    /// Says that nothing more will come: waits for more than is there fail with ``EventBoxFinished``.
    package func finish() {
        change { $0.isFinished = true }
    }

    /// What is in the box now, without taking it out.
    package var waiting: [Element] {
        state.withLock(\.values)
    }

    /// Whether ``finish()`` was called.
    package var isFinished: Bool {
        state.withLock(\.isFinished)
    }

    /// Takes the next value out, as soon as there is one.
    package func next(_ awaited: String = "a value", within duration: Duration = .seconds(10)) async throws -> Element {
        // `next(1, …)` gives exactly one.
        try await next(1, awaited, within: duration)[0]
    }

    /// Takes the next `count` values out, as soon as they are there.
    package func next(
        _ count: Int,
        _ awaited: String = "values",
        within duration: Duration = .seconds(10)
    ) async throws -> [Element] {
        try await take(count, "\(count) × \(awaited)", within: duration)
    }

    /// Takes values out up to the first that fits, and returns that.
    package func first(
        _ awaited: String = "a fitting value",
        within duration: Duration = .seconds(10),
        where fits: (Element) -> Bool
    ) async throws -> Element {
        let end = ContinuousClock.now + duration
        while true {
            let value = try await take(1, awaited, within: end - .now)[0]
            if fits(value) { return value }
        }
    }

    /// A waiter either gets its values or is taken out of the line by its deadline, never both: whatever the moment, no
    /// value is lost.
    private func take(_ count: Int, _ awaited: String, within duration: Duration) async throws -> [Element] {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                change { $0.waiters.append(Waiter(id: id, count: count, continuation: continuation)) }
                // Both only now that there is a waiter to find.
                if Task.isCancelled { remove(id) { _ in CancellationError() } }
                timer = Task {
                    // Cancelled when the wait is over.
                    guard (try? await Task.sleep(for: duration)) != nil else { return }
                    remove(id) {
                        DeadlineExceeded(awaited: awaited, duration: duration, observed: "there was: \($0)")
                    }
                }
            }
        } onCancel: {
            remove(id) { _ in CancellationError() }
        }
    }

    private func remove(_ id: Int, because error: ([Element]) -> any Error) {
        let (waiter, values) = state.withLock { state in
            let index = state.waiters.firstIndex { $0.id == id }
            return (index.map { state.waiters.remove(at: $0) }, state.values)
        }
        waiter?.continuation.resume(throwing: error(values))
        // Those behind it may ask for less.
        if waiter != nil { change { _ in } }
    }

    private func change(_ body: (inout State) -> Void) {
        let settled = state.withLock { state in
            body(&state)
            return state.settle()
        }
        for (waiter, result) in settled { waiter.continuation.resume(with: result) }
    }
}

/// A test waits for more values than will come.
package struct EventBoxFinished: Error, CustomStringConvertible {
    /// What was in the box, too few.
    package let remaining: String

    package var description: String { "nothing more comes; there was: \(remaining)" }
}
