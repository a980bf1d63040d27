import ApusCore

/// Where a subscriber that is about to be made starts: its feed, and its positions. Belongs to one event loop.
package struct SubscriptionPlace {
    let feed: Feed
    let positions: [Position]

    /// Where it starts, as text.
    package var cursor: String { Cursor(positions).description }
}
