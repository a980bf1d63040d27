package import NIOCore

/// One WebSocket after its handshake (RFC 6455 §5 to §8, RFC 7692), for either end.
///
/// Bytes go in by `receive`, then `next` is asked until it has no further action. What the connection itself sends are
/// only control frames; messages are framed by `WebSocketFrameWriter`, while `canSend`.
package struct WebSocketConnectionMachine {
    /// How far the connection is. The way is open → closing → ended, or any → ended.
    private enum State {
        /// Messages go both ways. → `closing` when we close, → `ended` when the peer does, or errs.
        case open
        /// We have sent a close frame and wait for the peer's. → `ended`
        case closing
        /// Both ends have sent a close frame, or the connection has failed or is lost: whatever still comes is ignored
        /// (RFC 6455 §1.4). No exits.
        case ended
    }

    /// What the driver of the connection does about bytes that were received.
    package enum Action: Hashable, Sendable {
        /// A whole text message, which is UTF-8.
        case text(ByteBuffer)
        /// A whole binary message.
        case binary(ByteBuffer)
        /// A ping: send the answer, a frame with a pong, soon (RFC 6455 §5.5.2).
        case ping(ByteBuffer, answer: ByteBuffer)
        /// A pong, asked for or not.
        case pong(ByteBuffer)
        /// The peer has closed: send the answer, a frame, unless we had closed first. Then a server closes the TCP
        /// connection, and a client waits for that for a while (RFC 6455 §7.1.1).
        case closed(WebSocketClosePayload, answer: ByteBuffer?)
        /// The peer broke the protocol: send the answer, a close frame, unless we had closed already, and close the TCP
        /// connection (RFC 6455 §7.1.7).
        case failed(WebSocketViolation, answer: ByteBuffer?)
    }

    /// What the driver does when our side wants to close.
    package enum CloseAction: Hashable, Sendable {
        /// Send this frame, then nothing more, and wait for the peer's for a while.
        case send(ByteBuffer)
        /// It is closing already.
        case none
    }

    private let role: WebSocketRole
    private var state = State.open
    private var decoder: WebSocketFrameDecoder
    private var assembly: WebSocketMessageAssembly
    /// The frame that is being read.
    private var header: WebSocketFrameHeader?
    /// The payload of a control frame that is being read: it may stand within a message.
    private var control = ByteBuffer()

    /// - Parameter deflate: what the handshake agreed on.
    package init(role: WebSocketRole, limits: WebSocketLimits, deflate: PermessageDeflate?) {
        self.role = role
        decoder = WebSocketFrameDecoder(role: role, limit: limits.frameBytes, allowsCompression: deflate != nil)
        assembly = WebSocketMessageAssembly(
            limit: limits.messageBytes,
            keepsWindow: Self.peerKeepsWindow(role, deflate)
        )
    }

    /// Whether messages, pings and a close frame may still be sent (RFC 6455 §5.5.1).
    package var canSend: Bool {
        switch state {
        case .open: true
        case .closing, .ended: false
        }
    }

    /// Bytes of messages that are not whole yet: no more than `WebSocketLimits.messageBytes` and one control frame.
    package var bufferedBytes: Int { decoder.bufferedBytes + assembly.bufferedBytes + control.readableBytes }

    /// The peer has sent bytes. Ask `next` afterwards.
    package mutating func receive(_ bytes: ByteBuffer) {
        switch state {
        case .open, .closing: decoder.append(bytes)
        case .ended: break
        }
    }

    /// What to do about the bytes received, one action at a time; nil when more have to come.
    ///
    /// - Parameter inflater: one that this connection may share with others, which is asked for only at the end of a
    ///   compressed message. Where the peer keeps its context, the machine makes one of its own instead.
    package mutating func next(inflater: () throws(DeflateFailure) -> Inflater) -> Action? {
        do throws(WebSocketViolation) {
            while true {
                switch state {
                case .open, .closing: break
                case .ended: return nil
                }
                if header == nil {
                    header = try decoder.nextHeader()
                    guard let header else { return nil }
                    if !header.opcode.isControl, canSend { try assembly.begin(header) }
                }
                guard let header else { return nil }
                guard try readPayload(header) else { return nil }
                self.header = nil
                if let action = try finish(header, inflater: inflater) { return action }
            }
        } catch {
            return fail(error)
        }
    }

    /// Our side closes, after the messages that it has sent.
    package mutating func close(code: WebSocketCloseCode, reason: String = "") -> CloseAction {
        switch state {
        case .open:
            state = .closing
            // What comes until the peer's close frame is of no interest any more.
            assembly.discard()
            return .send(closeFrame(WebSocketClosePayload(code: code, reason: reason)))
        case .closing, .ended:
            return .none
        }
    }

    /// A ping to send, or nil when nothing may be sent any more.
    ///
    /// - Parameter payload: comes back in the pong; cut at 125 bytes.
    package func ping(payload: ByteBuffer = ByteBuffer()) -> ByteBuffer? {
        guard canSend else { return nil }
        let length = min(payload.readableBytes, WebSocketOpcode.maximumControlBytes)
        return controlFrame(.ping, payload.getSlice(at: payload.readerIndex, length: length) ?? ByteBuffer())
    }

    /// The TCP connection is gone.
    ///
    /// - Returns: whether that came before the closing handshake was complete: code 1006 to an application (RFC 6455
    ///   §7.1.5).
    package mutating func connectionLost() -> Bool {
        switch state {
        case .open, .closing:
            end()
            return true
        case .ended:
            return false
        }
    }

    /// Reads on in the payload of a frame.
    ///
    /// - Returns: whether it is whole.
    private mutating func readPayload(_ header: WebSocketFrameHeader) throws(WebSocketViolation) -> Bool {
        if header.opcode.isControl {
            return decoder.readPayload(into: &control)
        }
        switch state {
        case .open: return try assembly.readPayload(from: &decoder)
        // After our close frame, messages are ignored (as by browsers: WebSockets standard §5).
        case .closing, .ended: return decoder.skipPayload()
        }
    }

    /// A frame is whole.
    private mutating func finish(
        _ header: WebSocketFrameHeader,
        inflater: () throws(DeflateFailure) -> Inflater
    ) throws(WebSocketViolation) -> Action? {
        let payload = control
        control = ByteBuffer()
        switch header.opcode {
        case .continuation, .text, .binary:
            guard header.isFinal, canSend else { return nil }
            return try assembly.finish(inflater: inflater)
        case .ping:
            // Nothing is sent after a close frame (RFC 6455 §5.5.1).
            return canSend ? .ping(payload, answer: controlFrame(.pong, payload)) : nil
        case .pong:
            return .pong(payload)
        case .close:
            let close = try WebSocketClosePayload(reading: payload)
            // The code is echoed (RFC 6455 §5.5.1).
            let answer = canSend ? closeFrame(WebSocketClosePayload(code: close.code)) : nil
            end()
            return .closed(close, answer: answer)
        }
    }

    private mutating func fail(_ violation: WebSocketViolation) -> Action {
        let payload = WebSocketClosePayload(code: violation.closeCode, reason: violation.reason)
        let answer = canSend ? closeFrame(payload) : nil
        end()
        return .failed(violation, answer: answer)
    }

    private mutating func end() {
        state = .ended
        header = nil
        control = ByteBuffer()
        assembly.discard()
        decoder.discard()
    }

    private func closeFrame(_ payload: WebSocketClosePayload) -> ByteBuffer {
        controlFrame(.close, payload.bytes)
    }

    private func controlFrame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer()
        WebSocketFrameWriter.append(opcode: opcode, payload: payload, mask: role.nextMaskingKey(), to: &frame)
        return frame
    }

    private static func peerKeepsWindow(_ role: WebSocketRole, _ deflate: PermessageDeflate?) -> Bool {
        guard let deflate else { return false }
        return switch role {
        case .server: !deflate.clientNoContextTakeover
        case .client: !deflate.serverNoContextTakeover
        }
    }
}
