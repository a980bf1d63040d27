import ApusCore
package import NIOCore

/// Parts of a never-ending multipart body (RFC 2046 §5.1, `spec/channels.md` §4.4).
///
/// Between messages the stream always stands behind a boundary, where the next part's head begins.
package struct MultipartFraming: StreamFraming {
    /// Which multipart type.
    package enum Kind: Hashable, Sendable {
        /// `multipart/mixed`: every part counts.
        case mixed
        /// `multipart/x-mixed-replace`: a part takes the place of the one before, as in cameras.
        case replace
    }

    package static let gapType = "application/vnd.apus.gap+json"

    package let boundary: String
    package let kind: Kind

    /// - Parameter boundary: 1 to 70 letters and digits (RFC 2046 §5.1.1), made by the server.
    package init(boundary: String, kind: Kind) {
        self.boundary = boundary
        self.kind = kind
    }

    /// The value for `Content-Type`.
    package var contentType: String {
        switch kind {
        case .mixed: "multipart/mixed; boundary=\(boundary)"
        case .replace: "multipart/x-mixed-replace; boundary=\(boundary)"
        }
    }

    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {
        appendBoundary(to: &buffer)
    }

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        let message = delivery.publication.message
        guard !containsBoundary(message.data) else {
            let gap = Gap(reason: .undeliverable, missed: 1)
            append(GapNotice(gap: gap, cursor: delivery.cursor, channel: delivery.channel), to: &buffer)
            return
        }
        appendHead(
            type: message.contentType.rawValue,
            length: message.data.readableBytes,
            cursor: delivery.cursor,
            to: &buffer
        )
        if let channel = delivery.channel { appendField("Apus-Channel: ", channel.rawValue, to: &buffer) }
        if let event = message.event { appendField("Apus-Event: ", event, to: &buffer) }
        if let id = message.id { appendField("Apus-Id: ", id, to: &buffer) }
        buffer.writeStaticString("Apus-Time: ")
        JSONText.append(delivery.publication.time, to: &buffer)
        buffer.writeStaticString("\r\n")
        buffer.writeStaticString("\r\n")
        buffer.writeImmutableBuffer(message.data)
        appendEnd(to: &buffer)
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        switch kind {
        case .replace: break
        case .mixed:
            var value = ByteBuffer()
            MessageForm.appendValue(of: notice, to: &value)
            appendHead(type: Self.gapType, length: value.readableBytes, cursor: notice.cursor, to: &buffer)
            buffer.writeStaticString("\r\n")
            buffer.writeImmutableBuffer(value)
            appendEnd(to: &buffer)
        }
    }

    /// A field of the next part's head, which readers pass over: an empty part would replace the picture.
    package func appendHeartbeat(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("Apus-Heartbeat: 1\r\n")
    }

    private func appendHead(type: String, length: Int, cursor: String, to buffer: inout ByteBuffer) {
        appendField("Content-Type: ", type, to: &buffer)
        buffer.writeStaticString("Content-Length: ")
        JSONText.append(UInt64(length), to: &buffer)
        buffer.writeStaticString("\r\n")
        appendField("Apus-Cursor: ", cursor, to: &buffer)
    }

    /// Neither types nor event names nor cursors can hold a line break.
    private func appendField(_ name: StaticString, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(name)
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    private func appendEnd(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("\r\n")
        appendBoundary(to: &buffer)
    }

    private func appendBoundary(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("--")
        buffer.writeString(boundary)
        buffer.writeStaticString("\r\n")
    }

    /// Readers that don't know of `Content-Length` look for the boundary, some of them not only where a line begins.
    private func containsBoundary(_ data: ByteBuffer) -> Bool {
        var boundary = boundary
        return boundary.withUTF8 { boundary in
            data.withUnsafeReadableBytes { ByteSearch.firstIndex(of: UnsafeRawBufferPointer(boundary), in: $0) != nil }
        }
    }
}
