import ApusWire
import NIOCore

/// Drives a machine by hand: what it says about bytes, and frames of the peer.
struct DrivenWebSocket {
    static let key = WebSocketMaskingKey(rawValue: 0x37FA_213D)
    static let client = WebSocketRole.client { key }

    var machine: WebSocketConnectionMachine
    /// Whether the peer is a client, whose frames are masked.
    private let peerMasks: Bool

    init(
        role: WebSocketRole = .server,
        limits: WebSocketLimits = WebSocketLimits(frameBytes: 1000, messageBytes: 2000),
        deflate: PermessageDeflate? = nil
    ) {
        machine = WebSocketConnectionMachine(role: role, limits: limits, deflate: deflate)
        peerMasks = role.peerMasks
    }

    /// Everything the machine wants after these bytes.
    mutating func receive(_ bytes: ByteBuffer) -> [WebSocketConnectionMachine.Action] {
        machine.receive(bytes)
        var actions: [WebSocketConnectionMachine.Action] = []
        while let action = machine.next(inflater: { () throws(DeflateFailure) in try Inflater() }) {
            actions.append(action)
        }
        return actions
    }

    /// Everything the machine wants after a frame of the peer.
    mutating func receive(
        _ opcode: WebSocketOpcode,
        _ payload: ByteBuffer = ByteBuffer(),
        isFinal: Bool = true,
        isCompressed: Bool = false
    ) -> [WebSocketConnectionMachine.Action] {
        receive(Self.frame(opcode, payload, isFinal: isFinal, rsv1: isCompressed, mask: peerMasks ? Self.key : nil))
    }

    mutating func receive(
        _ opcode: WebSocketOpcode,
        _ payload: String,
        isFinal: Bool = true
    ) -> [WebSocketConnectionMachine.Action] {
        receive(opcode, ByteBuffer(string: payload), isFinal: isFinal)
    }

    static func frame(
        _ opcode: WebSocketOpcode,
        _ payload: ByteBuffer,
        isFinal: Bool = true,
        rsv1: Bool = false,
        mask: WebSocketMaskingKey? = nil
    ) -> ByteBuffer {
        var frame = ByteBuffer()
        WebSocketFrameWriter.append(
            opcode: opcode,
            payload: payload,
            isFinal: isFinal,
            rsv1: rsv1,
            mask: mask,
            to: &frame
        )
        return frame
    }

    static func closeFrame(
        _ code: WebSocketCloseCode?,
        _ reason: String = "",
        mask: WebSocketMaskingKey? = nil
    ) -> ByteBuffer {
        frame(.close, WebSocketClosePayload(code: code, reason: reason).bytes, mask: mask)
    }

    /// What a server's machine does about a violation while the connection is open.
    static func failure(_ violation: WebSocketViolation) -> [WebSocketConnectionMachine.Action] {
        [.failed(violation, answer: closeFrame(violation.closeCode, violation.reason))]
    }
}
