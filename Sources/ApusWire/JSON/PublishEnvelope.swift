package import ApusCore

/// What a client sends on a WebSocket with the envelope: a publish object, and what the answer has to name
/// (`spec/channels.md` §4.6).
package struct PublishEnvelope: Sendable {
    /// The number by which the client knows the answer; nil when it wants none, or none could be read.
    package let ref: Int64?
    /// What to publish, and on which channel if it named one; or why it can't be.
    package let content: Result<Content, ApusError>

    /// A message and its channel.
    package struct Content: Hashable, Sendable {
        /// Nil where the client named none, which is allowed when it has only one.
        package let channel: ChannelName?
        package let form: PublishForm
    }
}
