/// What a client reads from a stream: a message, or word of lost ones.
package enum ReceivedItem: Hashable, Sendable {
    case message(ReceivedMessage)
    case gap(GapNotice)

    /// Where to resume after it, as text.
    package var cursor: String {
        switch self {
        case .message(let message): message.cursor
        case .gap(let notice): notice.cursor
        }
    }
}
