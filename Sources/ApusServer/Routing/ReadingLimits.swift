/// What a reading request may ask for.
package struct ReadingLimits: Hashable, Sendable {
    /// How long a long poll waits unless it says otherwise, in seconds.
    package var defaultTimeout = 25
    /// The longest wait of a long poll, in seconds.
    package var maximumTimeout = 60
    /// How many messages an answer about history holds unless the request says otherwise.
    package var defaultHistory = 100
    /// The most messages in an answer about history.
    package var maximumHistory = 1000

    /// The limits of `spec/channels.md`.
    package init() {}
}
