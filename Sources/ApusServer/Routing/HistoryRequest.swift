package import ApusCore

/// A `GET` of a channel's history (`spec/channels.md` §3).
package struct HistoryRequest: Hashable, Sendable {
    /// Which way to read.
    package enum Direction: Hashable, Sendable {
        /// Oldest first, after this place.
        case forward(from: Since)
        /// Newest first, back from this position; nil is the end of the log.
        case backward(from: Position?)
    }

    /// Whose history.
    package let channel: ChannelName
    /// From where, and which way.
    package let direction: Direction
    /// The most messages.
    package let limit: Int

    /// Reads a request's query.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` or `invalidCursor`.
    package init(
        channel: ChannelName,
        query: Query,
        limits: ReadingLimits = ReadingLimits()
    ) throws(ApusError) {
        self.channel = channel
        limit = try query.number(.limit, in: 1...max(1, limits.maximumHistory)) ?? limits.defaultHistory
        let text = try query.value(.since)
        let since: Since?
        if let text {
            since = try ChannelRequest.since(text, of: ChannelList(channel))
        } else {
            since = nil
        }
        guard try query.flag(.reverse) else {
            direction = .forward(from: since ?? .start)
            return
        }
        switch since {
        case nil, .now?: direction = .backward(from: nil)
        case .cursor(let cursor)?: direction = .backward(from: cursor.positions.first)
        case .start?:
            throw ApusError(
                .invalidParameter,
                "since=start with reverse=true is before the first message; leave one out."
            )
        }
    }
}
