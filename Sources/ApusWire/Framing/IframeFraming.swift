import ApusCore
package import NIOCore

/// A document that never ends, each message a script in it (`spec/channels.md` §4.3).
package struct IframeFraming: StreamFraming {
    /// Browsers hold back the first bytes of a document; a preamble of this many brings them to show what follows.
    package static let preambleBytes = 2048

    package let callback: CallbackName

    package init(callback: CallbackName = .standard) {
        self.callback = callback
    }

    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {
        let start = buffer.writerIndex
        // No address of this document, which may hold a token, goes out in a Referer.
        buffer.writeStaticString(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="referrer" content="no-referrer">
            <title>Messages</title>
            </head>
            <body>
            <!--
            """
        )
        let end: StaticString = "-->\n"
        let padding = Self.preambleBytes - (buffer.writerIndex - start) - end.utf8CodeUnitCount
        buffer.writeRepeatingByte(UInt8(ascii: " "), count: max(padding, 0))
        buffer.writeStaticString(end)
    }

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        guard Self.mayNamePrototype(delivery.publication.message) else {
            appendCall(to: &buffer) { MessageForm.append(delivery, htmlSafe: true, to: &$0) }
            return
        }
        var form = ByteBuffer()
        MessageForm.append(delivery, to: &form)
        appendCall(to: &buffer) { buffer in
            buffer.writeStaticString("JSON.parse(")
            JSONText.append(utf8: form, htmlSafe: true, to: &buffer)
            buffer.writeInteger(UInt8(ascii: ")"))
        }
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        appendCall(to: &buffer) { MessageForm.append(notice, htmlSafe: true, to: &$0) }
    }

    package func appendHeartbeat(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("<!---->\n")
    }

    private func appendCall(to buffer: inout ByteBuffer, _ argument: (inout ByteBuffer) -> Void) {
        buffer.writeStaticString("<script>parent.")
        buffer.writeString(callback.rawValue)
        buffer.writeInteger(UInt8(ascii: "("))
        argument(&buffer)
        buffer.writeStaticString(")</script>\n")
    }

    /// Whether JSON in the message may have a member `__proto__`, written plainly or with escapes.
    ///
    /// In JSON that is a name as any other; in a script's object literal it sets the prototype, and twice it is a syntax
    /// error (ECMA-262 §B.3.1) by which the message would be lost.
    private static func mayNamePrototype(_ message: Message) -> Bool {
        if message.contentType.kind == .json, message.data.withUnsafeReadableBytes(mayNamePrototype) { return true }
        guard var info = message.publisher?.info else { return false }
        return info.withUTF8 { mayNamePrototype(UnsafeRawBufferPointer($0)) }
    }

    private static func mayNamePrototype(_ json: UnsafeRawBufferPointer) -> Bool {
        let names: [StaticString] = ["__proto__", "\\u"]
        return names.contains { name in
            let pattern = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            return ByteSearch.firstIndex(of: pattern, in: json) != nil
        }
    }
}
