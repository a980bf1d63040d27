import ApusCore
package import NIOCore

/// How a session's objects leave on one kind of transport (`spec/session.md` §5).
package struct SessionCarrier: Hashable {
    /// What lies around an object.
    package enum Kind: Hashable, Sendable {
        /// A text message each.
        case webSocket
        /// A line each.
        case lines
        /// An event each (HTML §9.2).
        case eventStream
        /// A script each, which hands the object as text to this function of the page around the frame.
        case iframe(CallbackName)
    }

    /// How objects are written.
    package enum Form: Hashable, Sendable {
        case json
        /// Messages with their lengths before them; on WebSockets in binary messages. Not for event streams and iframes.
        case protobuf
    }

    package let kind: Kind
    package let form: Form
    /// Whether the client can't send anything after its first words.
    package let isUnidirectional: Bool
    /// Belongs to the event loop; the same one for every WebSocket with the same window.
    private let deflater: Deflater?

    package init(_ kind: Kind, form: Form = .json, isUnidirectional: Bool = false, deflater: Deflater? = nil) {
        self.kind = kind
        self.form = form
        self.isUnidirectional = isUnidirectional
        self.deflater = deflater
    }

    package static func == (left: SessionCarrier, right: SessionCarrier) -> Bool {
        left.kind == right.kind && left.form == right.form && left.isUnidirectional == right.isUnidirectional
            && left.deflater === right.deflater
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(form)
        hasher.combine(isUnidirectional)
        hasher.combine(deflater.map(ObjectIdentifier.init))
    }

    /// What comes before the first object.
    package func appendPreamble(to buffer: inout ByteBuffer) {
        switch kind {
        case .webSocket, .lines, .eventStream: break
        case .iframe(let callback): IframeFraming(callback: callback).appendPreamble(cursor: "", to: &buffer)
        }
    }

    package func append(_ reply: SessionReply, to buffer: inout ByteBuffer) {
        append(expectedLength: 120, to: &buffer) { buffer in
            switch form {
            case .json: reply.append(to: &buffer)
            case .protobuf: Self.appendMessage(to: &buffer) { reply.write(to: &$0) }
            }
        }
    }

    package func append(_ push: SessionPush, to buffer: inout ByteBuffer) {
        append(expectedLength: push.expectedLength, to: &buffer) { buffer in
            switch form {
            case .json: push.append(isUnidirectional: isUnidirectional, to: &buffer)
            case .protobuf: Self.appendMessage(to: &buffer) { push.write(to: &$0) }
            }
        }
    }

    /// `{}`, or a message of no bytes.
    package func appendPing(to buffer: inout ByteBuffer) {
        append(expectedLength: 2, to: &buffer) { buffer in
            switch form {
            case .json: buffer.writeStaticString("{}")
            case .protobuf: Self.appendMessage(to: &buffer) { _ in }
            }
        }
    }

    /// A message with its length before it.
    private static func appendMessage(to buffer: inout ByteBuffer, _ write: (inout ProtobufWriter) -> Void) {
        var writer = ProtobufWriter()
        write(&writer)
        ProtobufWriter.append(varint: UInt64(writer.buffer.readableBytes), to: &buffer)
        buffer.writeImmutableBuffer(writer.buffer)
    }

    private func append(expectedLength: Int, to buffer: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        switch kind {
        case .webSocket: appendFrame(expectedLength: expectedLength, to: &buffer, write)
        case .lines:
            write(&buffer)
            if form == .json { buffer.writeInteger(UInt8(ascii: "\n")) }
        case .eventStream:
            buffer.writeStaticString("data: ")
            write(&buffer)
            buffer.writeStaticString("\n\n")
        case .iframe(let callback):
            var object = ByteBuffer()
            write(&object)
            buffer.writeStaticString("<script>parent.")
            buffer.writeString(callback.rawValue)
            buffer.writeInteger(UInt8(ascii: "("))
            JSONText.append(utf8: object, htmlSafe: true, to: &buffer)
            buffer.writeStaticString(")</script>\n")
        }
    }

    private var opcode: WebSocketOpcode {
        switch form {
        case .json: .text
        case .protobuf: .binary
        }
    }

    private func appendFrame(expectedLength: Int, to buffer: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        guard let deflater, expectedLength >= WebSocketFraming.compressionThreshold else {
            WebSocketFrameWriter.append(opcode: opcode, expectedLength: expectedLength, to: &buffer, writing: write)
            return
        }
        var text = ByteBuffer()
        write(&text)
        var compressed = ByteBuffer()
        deflater.compress(text, to: &compressed)
        let isShorter = compressed.readableBytes < text.readableBytes
        WebSocketFrameWriter.append(
            opcode: opcode,
            payload: isShorter ? compressed : text,
            rsv1: isShorter,
            to: &buffer
        )
    }
}

extension SessionPush {
    /// About how many bytes it takes.
    fileprivate var expectedLength: Int {
        switch self {
        case .publication(let channel, let publication):
            publication.message.data.readableBytes + channel.rawValue.utf8.count + 80
        case .join, .leave, .unsubscribe, .subscribe, .message, .connect, .disconnect, .refresh: 120
        }
    }
}
