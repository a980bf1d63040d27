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
        appendCall(to: &buffer) { MessageForm.append(delivery, htmlSafe: true, to: &$0) }
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
}
