package import ApusCore
package import ApusWire

/// The way in which a reader wants its messages, with that way's parameters (`spec/channels.md` §4).
package enum ReadingTransport: Hashable, Sendable {
    /// What the log holds now.
    case poll
    /// What the log holds, or the next that comes. With `accept`, the next one message of such a type, raw.
    case longPoll(timeout: Duration, accept: AcceptedTypes?)
    /// A page of scripts that call a function of the page around it.
    case iframe(callback: CallbackName)
    /// A response without end.
    case stream(StreamFormat)
    /// Server-Sent Events; with `envelope`, messages in their JSON form.
    case eventStream(envelope: Bool)
    /// A socket; `textType` is what its client's text messages are published as when it is raw.
    case webSocket(textType: ContentType)
}

/// How a response without end separates its messages.
package enum StreamFormat: String, CaseIterable, Hashable, Sendable {
    /// `application/x-ndjson`: a line for each.
    case ndjson
    /// `multipart/mixed`: a part for each.
    case mixed
    /// `multipart/x-mixed-replace`: a part that takes the place of the one before.
    case replace
}
