/// What a subscriber is told when messages between its cursor and the log can't be had any more.
public struct Gap: Hashable, Sendable {
    /// Why.
    public enum Reason: String, Hashable, Sendable {
        /// Retention has passed the cursor.
        case expired
        /// The log began anew: the server was restarted, or the channel was dropped or forgotten.
        case epoch
        /// One message that the subscriber's framing can't carry.
        case undeliverable
    }

    /// Why messages are missing.
    public var reason: Reason
    /// How many, where that is known.
    public var missed: UInt64?

    /// States a gap.
    public init(reason: Reason, missed: UInt64? = nil) {
        self.reason = reason
        self.missed = missed
    }
}
