package import ApusCore

/// A cursor that waits for one batch: a long poll, or a Swift program's iteration. Belongs to one event loop.
package final class BatchWaiter {
    /// Where it stands; it is served what comes after.
    package let positions: [Position]
    private var handler: ((SharedBatch) -> Void)?
    /// Where the feed keeps it.
    var index: Int?
    private let feed: Feed

    init(feed: Feed, positions: [Position], handler: @escaping (SharedBatch) -> Void) {
        self.feed = feed
        self.positions = positions
        self.handler = handler
    }

    /// Whether it has not been served.
    package var isWaiting: Bool { handler != nil }

    func serve(_ batch: SharedBatch) {
        guard let handler else { return }
        self.handler = nil
        handler(batch)
    }

    /// Waits no more; the handler is not called. May be called more than once.
    package func cancel() {
        handler = nil
        feed.remove(self)
    }
}
