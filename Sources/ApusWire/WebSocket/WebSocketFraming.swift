package import ApusCore
package import NIOCore

/// Messages as WebSocket frames (`spec/channels.md` §4.6), compressed once for everybody where that was agreed on.
package struct WebSocketFraming: StreamFraming {
    /// What a message looks like.
    package enum Form: Hashable, Sendable {
        /// The data alone, text or binary by its type.
        case raw
        /// The JSON form, after a first message that says what is read.
        case envelope(channels: [ChannelName], heartbeatSeconds: Int)
    }

    /// A raw socket has no words for lost history; it is closed with this code (`spec/channels.md` §4.6).
    package static let gapCode = WebSocketCloseCode(rawValue: 4010)
    /// Shorter messages are sent as they are: compressing them alone saves nothing worth its time. In bytes.
    package static let compressionThreshold = 128

    package let form: Form
    /// Belongs to the event loop; the same one for every socket with the same window.
    private let deflater: Deflater?

    package init(form: Form, deflater: Deflater?) {
        self.form = form
        self.deflater = deflater
    }

    package static func == (left: WebSocketFraming, right: WebSocketFraming) -> Bool {
        left.form == right.form && left.deflater === right.deflater
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(form)
        hasher.combine(deflater.map(ObjectIdentifier.init))
    }

    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {
        switch form {
        case .raw: break
        case .envelope(let channels, let heartbeatSeconds):
            appendText(expectedLength: 128, to: &buffer) {
                EnvelopeForm.appendHello(
                    channels: channels,
                    heartbeatSeconds: heartbeatSeconds,
                    cursor: cursor,
                    to: &$0
                )
            }
        }
    }

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        let message = delivery.publication.message
        switch form {
        case .raw:
            append(message.data, opcode: message.contentType.kind == .binary ? .binary : .text, to: &buffer)
        case .envelope:
            appendText(expectedLength: message.data.readableBytes + 128, to: &buffer) {
                MessageForm.append(delivery, to: &$0)
            }
        }
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        switch form {
        case .raw: break
        case .envelope: appendText(expectedLength: 128, to: &buffer) { MessageForm.append(notice, to: &$0) }
        }
    }

    /// WebSockets are pinged by their connection, which counts the answers.
    package func appendHeartbeat(to buffer: inout ByteBuffer) {}

    private func appendText(expectedLength: Int, to buffer: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        guard deflater != nil, expectedLength >= Self.compressionThreshold else {
            WebSocketFrameWriter.append(opcode: .text, expectedLength: expectedLength, to: &buffer, writing: write)
            return
        }
        var text = ByteBuffer()
        write(&text)
        append(text, opcode: .text, to: &buffer)
    }

    private func append(_ payload: ByteBuffer, opcode: WebSocketOpcode, to buffer: inout ByteBuffer) {
        guard let deflater, payload.readableBytes >= Self.compressionThreshold else {
            WebSocketFrameWriter.append(opcode: opcode, payload: payload, to: &buffer)
            return
        }
        var compressed = ByteBuffer()
        deflater.compress(payload, to: &compressed)
        if compressed.readableBytes < payload.readableBytes {
            WebSocketFrameWriter.append(opcode: opcode, payload: compressed, rsv1: true, to: &buffer)
        } else {
            WebSocketFrameWriter.append(opcode: opcode, payload: payload, to: &buffer)
        }
    }
}
