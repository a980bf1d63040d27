package import ApusCore
import ApusWire
import NIOCore

/// The logs of one reader's channels, read as one: in each channel's order, and among channels by time.
package struct LogSet {
    package let logs: [ChannelLog]

    package init(_ logs: [ChannelLog]) {
        self.logs = logs
    }

    package var heads: [Position] { logs.map(\.head) }

    /// Counts subscribers in and out, on every log.
    func countSubscribers(_ change: Int) {
        for log in logs { log.countSubscribers(change) }
    }

    /// Where a reader starts.
    ///
    /// - Throws: `ApusError` with code `invalidCursor` if the cursor has another number of positions than there are channels.
    package func positions(since: Since) throws(ApusError) -> [Position] {
        switch since {
        case .start: return logs.map(\.base)
        case .now: return heads
        case .cursor(let cursor):
            guard cursor.positions.count == logs.count else {
                throw ApusError(
                    .invalidCursor,
                    "The cursor '\(cursor)' has \(cursor.positions.count) positions, but \(logs.count) channels are named; "
                        + "it belongs to another request."
                )
            }
            return cursor.positions
        }
    }

    /// Reads on from positions, up to bounds if they are given.
    ///
    /// Returns nil if a bound can't be compared with where its log or the reader stands; see `ChannelLog.read`.
    package func read(after positions: [Position], upTo bounds: [Position]?, limit: ReadLimit) -> Batch? {
        if logs.count == 1 {
            guard let read = logs[0].read(after: positions[0], upTo: bounds?[0], limit: limit) else { return nil }
            return single(read)
        }
        var reads: [LogRead] = []
        reads.reserveCapacity(logs.count)
        // The last one first: whoever joined before a message was published is found in the log of arrivals, which is read after.
        for (index, log) in logs.enumerated().reversed() {
            guard let read = log.read(after: positions[index], upTo: bounds?[index], limit: limit) else { return nil }
            reads.append(read)
        }
        reads.reverse()
        return merge(reads, limit: limit)
    }

    private func single(_ read: LogRead) -> Batch {
        var items: [Batch.Item] = []
        items.reserveCapacity(read.publications.count + 1)
        if let gap = read.gap {
            let offset = read.end.offset - UInt64(read.publications.count)
            let position = Position(epoch: read.end.epoch, offset: offset)
            items.append(.gap(GapNotice(gap: gap, cursor: position.description)))
        }
        for publication in read.publications {
            let position = Position(epoch: read.end.epoch, offset: publication.offset)
            items.append(.message(Delivery(publication: publication, cursor: position.description)))
        }
        return Batch(items: items, end: [read.end], isComplete: read.isComplete)
    }

    /// Merges by time; stops at the limit, so that what was read of a log and not taken is read again next time.
    private func merge(_ reads: [LogRead], limit: ReadLimit) -> Batch {
        var end = reads.map { read in
            Position(epoch: read.end.epoch, offset: read.end.offset - UInt64(read.publications.count))
        }
        var items: [Batch.Item] = []
        for (index, read) in reads.enumerated() {
            guard let gap = read.gap else { continue }
            items.append(
                .gap(GapNotice(gap: gap, cursor: Cursor(end).description, channel: logs[index].name))
            )
        }
        var next = Array(repeating: 0, count: reads.count)
        var messages = 0
        var bytes = 0
        // A log whose reading was cut short may hold older messages than another log's next one; it ends the merge.
        while messages < limit.messages, bytes < limit.bytes {
            var oldest: Int?
            for index in reads.indices where next[index] < reads[index].publications.count {
                let time = reads[index].publications[next[index]].time
                if let found = oldest, reads[found].publications[next[found]].time <= time { continue }
                oldest = index
            }
            guard let index = oldest else { break }
            let publication = reads[index].publications[next[index]]
            next[index] += 1
            end[index].offset = publication.offset
            items.append(
                .message(
                    Delivery(publication: publication, cursor: Cursor(end).description, channel: logs[index].name)
                )
            )
            messages += 1
            bytes += publication.message.data.readableBytes
            if next[index] == reads[index].publications.count, !reads[index].isComplete { break }
        }
        let isComplete = zip(reads, next).allSatisfy { $0.isComplete && $1 == $0.publications.count }
        return Batch(items: items, end: end, isComplete: isComplete)
    }
}
