package import ApusCore
package import NIOCore

/// The answer of a channel's history (`spec/channels.md` §3).
package struct HistoryForm: Hashable, Sendable {
    /// Of the newest message in the log.
    package let head: Position
    /// Whether the limit cut the answer.
    package let more: Bool
    /// What was lost before the first message.
    package let gap: Gap?

    package init(head: Position, more: Bool, gap: Gap? = nil) {
        self.head = head
        self.more = more
        self.gap = gap
    }

    /// The whole object.
    package func append(_ deliveries: some Sequence<Delivery>, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"epoch\":")
        JSONText.append(head.epoch.description, to: &buffer)
        buffer.writeStaticString(",\"offset\":")
        JSONText.append(head.offset, to: &buffer)
        buffer.writeStaticString(",\"cursor\":")
        JSONText.append(head.description, to: &buffer)
        buffer.writeStaticString(more ? ",\"more\":true" : ",\"more\":false")
        if let gap {
            buffer.writeStaticString(",\"gap\":")
            MessageForm.appendValue(of: GapNotice(gap: gap, cursor: head.description), to: &buffer)
        }
        buffer.writeStaticString(",\"messages\":")
        var batch = BatchForm()
        batch.appendStart(to: &buffer)
        for delivery in deliveries { batch.append(delivery, to: &buffer) }
        batch.appendEnd(to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }
}
