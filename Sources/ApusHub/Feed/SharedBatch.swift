package import NIOCore

/// A batch that many waiters are served at once, with its answer's bytes made once. Belongs to one event loop.
package final class SharedBatch {
    package let batch: Batch
    private var body: ByteBuffer?

    package init(_ batch: Batch) {
        self.batch = batch
    }

    /// The answer's bytes, made by the first who asks.
    package func body(_ make: (Batch) -> ByteBuffer) -> ByteBuffer {
        if let body { return body }
        let made = make(batch)
        body = made
        return made
    }
}
