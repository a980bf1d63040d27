import Synchronization

/// The bytes that all logs together may retain.
package final class RetentionBudget: Sendable {
    package let limit: Int
    private let used = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes; false, and nothing taken, if they would pass the limit.
    package func reserve(_ bytes: Int) -> Bool {
        let new = used.add(bytes, ordering: .relaxed).newValue
        if new <= limit { return true }
        used.subtract(bytes, ordering: .relaxed)
        return false
    }

    package func release(_ bytes: Int) {
        used.subtract(bytes, ordering: .relaxed)
    }

    package var retainedBytes: Int { used.load(ordering: .relaxed) }
}
