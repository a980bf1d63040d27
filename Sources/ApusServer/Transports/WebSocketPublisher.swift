import ApusCore
import ApusHub
import ApusWire
import NIOCore

/// Publishes what a client sends on its WebSocket (`spec/channels.md` §4.6).
struct WebSocketPublisher {
    enum Outcome {
        case done
        /// Send this frame.
        case answer(ByteBuffer)
        /// Close: a raw socket has no other words.
        case close(WebSocketCloseCode, String)
    }

    let hub: Hub
    let channels: [ChannelName]
    /// What a raw socket's text messages are.
    let textType: ContentType
    let isEnvelope: Bool

    func publish(_ data: ByteBuffer, isText: Bool) -> Outcome {
        isEnvelope ? publishEnvelope(data, isText: isText) : publishRaw(data, isText: isText)
    }

    private func publishRaw(_ data: ByteBuffer, isText: Bool) -> Outcome {
        guard let channel = channels.first else { return .done }
        do throws(ApusError) {
            let type = isText ? textType : .binary
            try MessageBody.check(data, is: type)
            try hub.publish(checked: Message(data: data, contentType: type), to: channel)
            return .done
        } catch {
            return .close(Self.closeCode(error.code), error.message)
        }
    }

    private static func closeCode(_ code: ApusError.Code) -> WebSocketCloseCode {
        switch code {
        case .invalidMessage: .invalidPayload
        case .messageTooLarge: .messageTooBig
        case .tooManyChannels, .storageFull, .stopping: .tryAgainLater
        default: .policyViolation
        }
    }

    private func publishEnvelope(_ data: ByteBuffer, isText: Bool) -> Outcome {
        guard isText else { return .close(.unsupportedData, "apus.envelope.v1 is text") }
        let envelope = PublishFormParser.envelope(data)
        do throws(ApusError) {
            let content = try envelope.content.get()
            let published = try hub.publish(
                checked: content.form.message(publisher: nil),
                to: try channel(content.channel)
            )
            guard let ref = envelope.ref else { return .done }
            return .answer(frame { PublishAnswer(published).appendEnvelope(ref: ref, to: &$0) })
        } catch {
            return .answer(frame { EnvelopeForm.append(error, ref: envelope.ref, to: &$0) })
        }
    }

    private func channel(_ named: ChannelName?) throws(ApusError) -> ChannelName {
        if let named {
            guard channels.contains(named) else {
                throw ApusError(
                    .invalidMessage,
                    "This socket does not follow the channel '\(named)', so it can't publish there."
                )
            }
            return named
        }
        guard channels.count == 1 else {
            throw ApusError(
                .invalidMessage,
                "This socket follows several channels; say in 'channel' which one is meant."
            )
        }
        return channels[0]
    }

    private func frame(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var frame = ByteBuffer()
        WebSocketFrameWriter.append(opcode: .text, expectedLength: 120, to: &frame, writing: write)
        return frame
    }
}
