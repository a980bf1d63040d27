import ApusClient
import ApusCore
import ApusWire
import NIOCore

/// How a message, a gap or a receipt is printed.
enum MessageLine {
    /// Text as it is; of bytes that are no text, a note.
    ///
    /// - Parameters:
    ///   - channel: Whether the channel's name stands before it.
    ///   - raw: Bytes as they are, and nothing else.
    static func plain(_ message: ChannelMessage, channel: Bool, raw: Bool) -> ByteBuffer {
        var line = ByteBuffer()
        guard !raw else {
            line.writeImmutableBuffer(message.data)
            if message.contentType.kind != .binary { line.writeInteger(UInt8(ascii: "\n")) }
            return line
        }
        if channel { line.writeString("\(message.channel)\t") }
        switch message.contentType.kind {
        case .json, .text: line.writeImmutableBuffer(message.data)
        case .binary: line.writeString("[\(message.contentType), \(message.data.readableBytes) bytes]")
        }
        // Text that ends its line itself gets no empty one behind it.
        if line.readableBytesView.last != UInt8(ascii: "\n") { line.writeInteger(UInt8(ascii: "\n")) }
        return line
    }

    /// The JSON form of `spec/channels.md` §2, always with the channel's name.
    static func json(_ message: ChannelMessage) -> ByteBuffer {
        var line = ByteBuffer()
        line.writeStaticString("{\"cursor\":")
        JSONText.append(message.cursor.description, to: &line)
        append("channel", message.channel.rawValue, to: &line)
        append("event", message.event, to: &line)
        append("id", message.id, to: &line)
        if let time = message.time { line.writeString(",\"time\":\(time)") }
        if message.contentType != .json { append("type", message.contentType.rawValue, to: &line) }
        switch message.contentType.kind {
        case .json:
            line.writeStaticString(",\"data\":")
            JSONText.append(value: message.data, to: &line)
        case .text:
            line.writeStaticString(",\"data\":")
            JSONText.append(utf8: message.data, to: &line)
        case .binary:
            line.writeStaticString(",\"encoding\":\"base64\",\"data\":\"")
            Base64.append(message.data, to: &line)
            line.writeInteger(UInt8(ascii: "\""))
        }
        line.writeStaticString("}\n")
        return line
    }

    /// The JSON form of a gap.
    static func json(_ gap: ChannelGap) -> ByteBuffer {
        var line = ByteBuffer()
        let notice = GapNotice(gap: gap.gap, cursor: gap.cursor.description, channel: gap.channel)
        MessageForm.append(notice, to: &line)
        line.writeInteger(UInt8(ascii: "\n"))
        return line
    }

    /// A gap in words.
    static func words(_ gap: ChannelGap) -> String {
        let count = gap.gap.missed.map { "\($0) message\($0 == 1 ? "" : "s")" } ?? "messages"
        let reason =
            switch gap.gap.reason {
            case .expired: "no longer kept by the server"
            case .epoch: "the channel began anew"
            case .undeliverable: "this transport can't carry them"
            }
        return "gap: \(count) missing on \(gap.channel) (\(reason))"
    }

    /// A receipt as JSON.
    static func json(_ receipt: PublishReceipt) -> ByteBuffer {
        var line = ByteBuffer()
        PublishAnswer(
            position: receipt.position,
            subscribers: receipt.subscribers,
            isDuplicate: receipt.isDuplicate
        ).append(to: &line)
        line.writeInteger(UInt8(ascii: "\n"))
        return line
    }

    /// A receipt in words.
    static func words(_ receipt: PublishReceipt) -> String {
        let subscribers = "\(receipt.subscribers) subscriber\(receipt.subscribers == 1 ? "" : "s")"
        return "\(receipt.position)  \(subscribers)" + (receipt.isDuplicate ? "  duplicate" : "")
    }

    private static func append(_ name: String, _ value: String?, to line: inout ByteBuffer) {
        guard let value else { return }
        line.writeString(",\"\(name)\":")
        JSONText.append(value, to: &line)
    }
}
