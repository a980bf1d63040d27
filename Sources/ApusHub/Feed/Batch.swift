package import ApusCore
package import ApusWire

/// Messages and gaps in the order in which a reader gets them, with where it stands afterwards.
package struct Batch: Sendable {
    package enum Item: Sendable {
        case message(Delivery)
        case gap(GapNotice)
    }

    package var items: [Item]
    /// One position for each channel.
    package var end: [Position]
    /// Whether there was nothing more to read.
    package var isComplete: Bool

    package init(items: [Item], end: [Position], isComplete: Bool) {
        self.items = items
        self.end = end
        self.isComplete = isComplete
    }

    package var cursor: String { Cursor(end).description }
    /// The first gap, if history was lost.
    package var firstGap: GapNotice? {
        for case .gap(let notice) in items { return notice }
        return nil
    }
}
