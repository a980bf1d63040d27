package import ApusCore
package import ApusWire
package import NIOCore

/// Makes a consumer's events of what the wire says, and checks what they must hold.
package struct ItemTranslation: Sendable {
    /// What the subscription follows, in the order in which it named them.
    package let channels: [ChannelName]
    /// The largest message, in bytes.
    package let messageBytes: Int

    package init(channels: [ChannelName], messageBytes: Int) {
        self.channels = channels
        self.messageBytes = messageBytes
    }

    /// An item in its JSON form.
    package func event(json: ByteBuffer) throws(ClientError) -> SubscriptionEvent {
        let item: ReceivedItem
        do throws(MessageFormError) {
            item = try MessageFormParser.item(json)
        } catch {
            throw Self.violation("A message of the server can't be read: \(error).", error)
        }
        return try event(item)
    }

    /// An item that was read already.
    package func event(_ item: ReceivedItem) throws(ClientError) -> SubscriptionEvent {
        switch item {
        case .message(let message):
            .message(
                ChannelMessage(
                    cursor: try cursor(message.cursor),
                    channel: try channel(message.channel),
                    event: message.event,
                    id: message.id,
                    time: message.time,
                    contentType: message.contentType,
                    data: try checked(message.data),
                    publisher: message.from
                )
            )
        case .gap(let notice): .gap(try gap(notice))
        }
    }

    /// A gap.
    package func gap(_ notice: GapNotice) throws(ClientError) -> ChannelGap {
        ChannelGap(cursor: try cursor(notice.cursor), channel: try channel(notice.channel), gap: notice.gap)
    }

    /// A cursor on as many channels as there are.
    package func cursor(_ text: String) throws(ClientError) -> Cursor {
        guard let cursor = Cursor(text), cursor.positions.count == channels.count else {
            throw Self.violation("'\(text.prefix(64))' of the server is no cursor on \(channels.count) channel(s).")
        }
        return cursor
    }

    /// The channel that an item names; the only one where it names none.
    package func channel(_ name: ChannelName?) throws(ClientError) -> ChannelName {
        if let name { return name }
        guard channels.count == 1, let only = channels.first else {
            throw Self.violation("A message of the server does not say on which channel it came.")
        }
        return only
    }

    /// Data within the limit.
    package func checked(_ data: ByteBuffer) throws(ClientError) -> ByteBuffer {
        guard data.readableBytes <= messageBytes else {
            throw ClientError(
                .limitExceeded,
                "A message has \(data.readableBytes) bytes; this client takes \(messageBytes). Raise ClientLimits.messageBytes."
            )
        }
        return data
    }

    static func violation(_ message: String, _ underlying: (any Error)? = nil) -> ClientError {
        ClientError(.protocolViolation, message, underlying: underlying)
    }
}
