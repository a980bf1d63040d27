import ApusCore
package import NIOCore

/// The JSON form of messages and gaps: one object without line breaks (`spec/channels.md` §2).
package enum MessageForm {
    /// One message.
    ///
    /// - Parameter htmlSafe: For the inside of an HTML script element; see `JSONText`.
    package static func append(_ delivery: Delivery, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        let message = delivery.publication.message
        buffer.writeStaticString("{\"cursor\":")
        JSONText.append(delivery.cursor, htmlSafe: htmlSafe, to: &buffer)
        if let channel = delivery.channel {
            buffer.writeStaticString(",\"channel\":")
            JSONText.append(channel.rawValue, htmlSafe: htmlSafe, to: &buffer)
        }
        if let event = message.event {
            buffer.writeStaticString(",\"event\":")
            JSONText.append(event, htmlSafe: htmlSafe, to: &buffer)
        }
        if let id = message.id {
            buffer.writeStaticString(",\"id\":")
            JSONText.append(id, htmlSafe: htmlSafe, to: &buffer)
        }
        buffer.writeStaticString(",\"time\":")
        JSONText.append(delivery.publication.time, to: &buffer)
        if message.contentType != .json {
            buffer.writeStaticString(",\"type\":")
            JSONText.append(message.contentType.rawValue, htmlSafe: htmlSafe, to: &buffer)
        }
        appendData(of: message, htmlSafe: htmlSafe, to: &buffer)
        if let publisher = message.publisher { append(publisher, htmlSafe: htmlSafe, to: &buffer) }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// One gap.
    package static func append(_ notice: GapNotice, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"gap\":")
        appendValue(of: notice, htmlSafe: htmlSafe, to: &buffer)
        buffer.writeStaticString(",\"cursor\":")
        JSONText.append(notice.cursor, htmlSafe: htmlSafe, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// What stands behind `"gap":`, for framings that carry the cursor elsewhere.
    package static func appendValue(of notice: GapNotice, htmlSafe: Bool = false, to buffer: inout ByteBuffer) {
        // Reasons are words, so they need no escapes.
        buffer.writeStaticString("{\"reason\":\"")
        buffer.writeString(notice.gap.reason.rawValue)
        buffer.writeInteger(UInt8(ascii: "\""))
        if let channel = notice.channel {
            buffer.writeStaticString(",\"channel\":")
            JSONText.append(channel.rawValue, htmlSafe: htmlSafe, to: &buffer)
        }
        if let missed = notice.gap.missed {
            buffer.writeStaticString(",\"missed\":")
            JSONText.append(missed, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private static func appendData(of message: Message, htmlSafe: Bool, to buffer: inout ByteBuffer) {
        switch message.contentType.kind {
        case .json:
            buffer.writeStaticString(",\"data\":")
            JSONText.append(value: message.data, htmlSafe: htmlSafe, to: &buffer)
        case .text:
            buffer.writeStaticString(",\"data\":")
            JSONText.append(utf8: message.data, htmlSafe: htmlSafe, to: &buffer)
        case .binary:
            buffer.writeStaticString(",\"encoding\":\"base64\",\"data\":\"")
            message.data.withUnsafeReadableBytes { Base64.append($0, to: &buffer) }
            buffer.writeInteger(UInt8(ascii: "\""))
        }
    }

    private static func append(_ publisher: ClientInfo, htmlSafe: Bool, to buffer: inout ByteBuffer) {
        guard publisher != ClientInfo() else { return }
        buffer.writeStaticString(",\"from\":{")
        var isFirst = true
        if let user = publisher.user {
            appendName("user", isFirst: &isFirst, to: &buffer)
            JSONText.append(user, htmlSafe: htmlSafe, to: &buffer)
        }
        if let client = publisher.client {
            appendName("client", isFirst: &isFirst, to: &buffer)
            JSONText.append(client, htmlSafe: htmlSafe, to: &buffer)
        }
        if let info = publisher.info {
            appendName("info", isFirst: &isFirst, to: &buffer)
            JSONText.append(value: info, htmlSafe: htmlSafe, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private static func appendName(_ name: StaticString, isFirst: inout Bool, to buffer: inout ByteBuffer) {
        if !isFirst { buffer.writeInteger(UInt8(ascii: ",")) }
        isFirst = false
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
    }
}
