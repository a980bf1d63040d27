import ApusCore
import ApusWire
import NIOCore

/// Deliveries and gaps for the tests of framings.
enum Sample {
    static let cursor = "k3f9zq-12"

    static func delivery(
        _ data: ByteBuffer,
        _ type: ContentType,
        event: String? = nil,
        id: String? = nil,
        publisher: ClientInfo? = nil,
        channel: String? = nil
    ) throws -> Delivery {
        let message = try Message(data: data, contentType: type, event: event, id: id, publisher: publisher)
        return Delivery(
            publication: Publication(message: message, offset: 12, time: 1_732_150_000_123),
            cursor: cursor,
            channel: try channel.map { try ChannelName($0) }
        )
    }

    static func text(_ text: String, event: String? = nil, channel: String? = nil) throws -> Delivery {
        try delivery(ByteBuffer(string: text), .text, event: event, channel: channel)
    }

    static func json(_ json: String, event: String? = nil, channel: String? = nil) throws -> Delivery {
        try delivery(ByteBuffer(string: json), .json, event: event, channel: channel)
    }

    /// Data of all kinds, with what could break a framing.
    static var all: [Delivery] {
        get throws {
            [
                try json(#"{"a":[1,"</script><!--"],"b":"\#u{2028}&"}"#, event: "price"),
                try json("{\r\n\"a\"\n:\r1}"),
                try text(""),
                try text("\n"),
                try text(" leading\r\n: colon\rid: 1\n\ndata: x\n", event: "größe"),
                try text("\0\u{FEFF}\u{2029}\"\\", channel: "a,b"),
                try delivery(ByteBuffer(), .binary),
                try delivery(ByteBuffer(bytes: Array(0...255)), ContentType("image/png"), id: "m-1"),
                try delivery(
                    ByteBuffer(string: "x"),
                    .text,
                    event: "e",
                    id: "\"<>",
                    publisher: publisher,
                    channel: "</script>"
                ),
            ]
        }
    }

    static let publisher = ClientInfo(client: "c\"1", user: "ü", info: "{\"name\":\n\"<b>\"}")

    static func gap(_ reason: Gap.Reason, missed: UInt64? = nil, channel: String? = nil) throws -> GapNotice {
        GapNotice(
            gap: Gap(reason: reason, missed: missed),
            cursor: "k3f9zq-100",
            channel: try channel.map { try ChannelName($0) }
        )
    }

    /// What a client must read of a delivery; JSON on one line.
    static func received(_ delivery: Delivery) -> ReceivedItem {
        let message = delivery.publication.message
        var data = message.data
        if message.contentType.kind == .json {
            data = ByteBuffer(bytes: message.data.readableBytesView.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        }
        return .message(
            ReceivedMessage(
                cursor: delivery.cursor,
                channel: delivery.channel,
                event: message.event,
                id: message.id,
                time: delivery.publication.time,
                contentType: message.contentType,
                data: data,
                from: message.publisher.map {
                    ClientInfo(
                        client: $0.client,
                        user: $0.user,
                        info: $0.info.map { $0.replacing("\n", with: " ") }
                    )
                }
            )
        )
    }
}

extension StreamFraming {
    func bytes(_ delivery: Delivery) -> ByteBuffer {
        var buffer = ByteBuffer()
        append(delivery, to: &buffer)
        return buffer
    }

    func bytes(_ notice: GapNotice) -> ByteBuffer {
        var buffer = ByteBuffer()
        append(notice, to: &buffer)
        return buffer
    }

    func preamble() -> ByteBuffer {
        var buffer = ByteBuffer()
        appendPreamble(cursor: Sample.cursor, to: &buffer)
        return buffer
    }

    func heartbeat() -> ByteBuffer {
        var buffer = ByteBuffer()
        appendHeartbeat(to: &buffer)
        return buffer
    }
}

extension ByteBuffer {
    /// All ways to cut it in two, and all bytes by themselves.
    var cuts: [[ByteBuffer]] {
        let cut = (0...readableBytes).map { [piece(0, $0), piece($0, readableBytes)] }
        return cut + [bytewise]
    }

    /// Every byte by itself.
    var bytewise: [ByteBuffer] {
        (0..<readableBytes).map { piece($0, $0 + 1) }
    }

    private func piece(_ start: Int, _ end: Int) -> ByteBuffer {
        getSlice(at: readerIndex + start, length: end - start) ?? ByteBuffer()
    }
}
