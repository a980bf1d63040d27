import ApusCore
package import NIOCore

/// Server-Sent Events (HTML §9.2, `spec/channels.md` §4.5).
package struct EventStreamFraming: StreamFraming {
    /// Whether every message comes in its JSON form, the event's name too.
    package let envelope: Bool

    package init(envelope: Bool = false) {
        self.envelope = envelope
    }

    /// An `id` without data is taken over before the empty data is looked at (HTML §9.2.6, dispatch, step 1), so a client
    /// that reconnects before its first message resumes from here.
    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("retry: 2000\n")
        appendID(cursor, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        let message = delivery.publication.message
        appendID(delivery.cursor, to: &buffer)
        // In the envelope the name stands in the JSON form: a client that asks for it listens to `message` alone.
        if let event = message.event, !envelope {
            buffer.writeStaticString("event: ")
            buffer.writeString(event)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        if envelope || delivery.channel != nil {
            buffer.writeStaticString("data: ")
            MessageForm.append(delivery, to: &buffer)
            buffer.writeInteger(UInt8(ascii: "\n"))
        } else {
            appendData(of: message, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        appendID(notice.cursor, to: &buffer)
        buffer.writeStaticString("event: gap\ndata: ")
        MessageForm.appendValue(of: notice, to: &buffer)
        buffer.writeStaticString("\n\n")
    }

    package func appendHeartbeat(to buffer: inout ByteBuffer) {
        buffer.writeStaticString(":\n\n")
    }

    private func appendID(_ cursor: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("id: ")
        buffer.writeString(cursor)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    private func appendData(of message: Message, to buffer: inout ByteBuffer) {
        switch message.contentType.kind {
        case .json, .text:
            message.data.withUnsafeReadableBytes { appendLines(of: $0, to: &buffer) }
        case .binary:
            buffer.writeStaticString("data: data:")
            appendMediaType(message.contentType, to: &buffer)
            buffer.writeStaticString(";base64,")
            message.data.withUnsafeReadableBytes { Base64.append($0, to: &buffer) }
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
    }

    /// One `data` line for each line of the text; for an empty text one line, since an event without any is not dispatched.
    private func appendLines(of bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
        var start = 0
        while true {
            let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            buffer.writeStaticString("data: ")
            buffer.writeBytes(bytes[start..<end])
            buffer.writeInteger(UInt8(ascii: "\n"))
            guard end < bytes.count else { return }
            let isPair = bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
    }

    /// A type's characters that would end it, or the URL, are percent-encoded (RFC 2397 §3).
    private func appendMediaType(_ type: ContentType, to buffer: inout ByteBuffer) {
        for byte in type.rawValue.utf8 {
            switch byte {
            case UInt8(ascii: ","): buffer.writeStaticString("%2C")
            case UInt8(ascii: "%"): buffer.writeStaticString("%25")
            case UInt8(ascii: "#"): buffer.writeStaticString("%23")
            case UInt8(ascii: "\""): buffer.writeStaticString("%22")
            case UInt8(ascii: " "): buffer.writeStaticString("%20")
            case UInt8(ascii: "\t"): buffer.writeStaticString("%09")
            default: buffer.writeInteger(byte)
            }
        }
    }
}
