package import ApusCore

/// What a client reads on a WebSocket with the envelope (`spec/channels.md` §4.6).
package enum EnvelopeItem: Hashable, Sendable {
    /// A message or a gap.
    case item(ReceivedItem)
    /// The server's first word.
    case hello(channels: [ChannelName], heartbeatSeconds: Int, cursor: String)
    /// A publish object with this `ref` has been taken.
    case published(PublishAnswer, ref: Int64)
    /// A publish object was refused; without `ref` where it had none.
    case refused(Refusal, ref: Int64?)
    /// Something that a later server says; to be passed over.
    case unknown

    /// Why a publish object was refused: the members of a problem document.
    package struct Refusal: Error, Hashable, Sendable {
        package let code: String
        package let status: Int
        package let title: String
        package let detail: String

        package init(code: String, status: Int, title: String, detail: String) {
            self.code = code
            self.status = status
            self.title = title
            self.detail = detail
        }
    }
}
