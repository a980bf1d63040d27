import ApusWire
import NIOCore
import Testing

@Suite struct WebSocketConnectionMachineTests {
    private typealias Action = WebSocketConnectionMachine.Action

    // MARK: RFC 6455 §5.4, fragmentation

    @Test func messagesOfOneFrameAreHandedOn() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.text, "Hello") == [.text(ByteBuffer(string: "Hello"))])
        #expect(socket.receive(.binary, "") == [.binary(ByteBuffer())])
        #expect(socket.machine.bufferedBytes == 0)
    }

    @Test func fragmentsArePutTogetherWithControlFramesInBetween() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.text, "He", isFinal: false) == [])
        #expect(socket.receive(.pong, "late") == [.pong(ByteBuffer(string: "late"))])
        #expect(socket.receive(.continuation, "l", isFinal: false) == [])
        let answer = DrivenWebSocket.frame(.pong, ByteBuffer(string: "there?"))
        #expect(socket.receive(.ping, "there?") == [.ping(ByteBuffer(string: "there?"), answer: answer)])
        #expect(socket.receive(.continuation, "", isFinal: false) == [])
        #expect(socket.receive(.continuation, "lo") == [.text(ByteBuffer(string: "Hello"))])
        #expect(socket.receive(.binary, "x") == [.binary(ByteBuffer(string: "x"))])
    }

    @Test func everySplitGivesTheSameActions() {
        let close = WebSocketClosePayload(code: .goingAway, reason: "é")
        let frames: [(WebSocketOpcode, ByteBuffer, isFinal: Bool)] = [
            (.text, ByteBuffer(string: "aé"), false), (.ping, ByteBuffer(string: "?"), true),
            (.continuation, ByteBuffer(string: "€😀"), true), (.binary, ByteBuffer(), true),
            (.close, close.bytes, true),
        ]
        var stream = ByteBuffer()
        for (opcode, payload, isFinal) in frames {
            WebSocketFrameWriter.append(
                opcode: opcode,
                payload: payload,
                isFinal: isFinal,
                mask: DrivenWebSocket.key,
                to: &stream
            )
        }
        let expected: [Action] = [
            .ping(ByteBuffer(string: "?"), answer: DrivenWebSocket.frame(.pong, ByteBuffer(string: "?"))),
            .text(ByteBuffer(string: "aé€😀")), .binary(ByteBuffer()),
            .closed(close, answer: DrivenWebSocket.closeFrame(.goingAway)),
        ]
        for split in 0...stream.readableBytes {
            var rest = stream
            var socket = DrivenWebSocket()
            let first = socket.receive(rest.readSlice(length: split) ?? ByteBuffer())
            #expect(first + socket.receive(rest) == expected)
        }
        var bytewise = DrivenWebSocket()
        #expect(stream.readableBytesView.flatMap { bytewise.receive(ByteBuffer(bytes: [$0])) } == expected)
    }

    @Test func fragmentsOutOfOrderAreViolations() {
        var first = DrivenWebSocket()
        #expect(first.receive(.continuation, "x") == DrivenWebSocket.failure(.continuationWithoutMessage))
        for opcode in [WebSocketOpcode.text, .binary] {
            var second = DrivenWebSocket()
            #expect(second.receive(.text, "x", isFinal: false) == [])
            #expect(second.receive(opcode, "y") == DrivenWebSocket.failure(.messageWithinMessage))
        }
        var third = DrivenWebSocket()
        #expect(third.receive(.text, "whole").count == 1)
        #expect(third.receive(.continuation, "x") == DrivenWebSocket.failure(.continuationWithoutMessage))
    }

    @Test func framesThatAreWrongByThemselvesFailTheConnection() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(ByteBuffer(bytes: [0x83])) == DrivenWebSocket.failure(.reservedOpcode(3)))
        #expect(!socket.machine.canSend)
        #expect(socket.receive(.text, "more") == [])
        #expect(socket.machine.connectionLost() == false)
    }

    // MARK: Limits

    @Test func aMessageIsBoundedOverItsFragments() {
        var socket = DrivenWebSocket()
        let thousand = ByteBuffer(repeating: 0x61, count: 1000)
        #expect(socket.receive(.binary, thousand, isFinal: false) == [])
        #expect(socket.receive(.continuation, thousand, isFinal: false) == [])
        #expect(socket.machine.bufferedBytes == 2000)
        #expect(socket.receive(.continuation, "", isFinal: false) == [])
        #expect(socket.receive(.continuation, "x") == DrivenWebSocket.failure(.messageTooLarge(limit: 2000)))
        #expect(socket.machine.bufferedBytes == 0)
    }

    @Test func aFrameAboveItsLimitIsAViolation() {
        var socket = DrivenWebSocket()
        let long = ByteBuffer(repeating: 0x61, count: 1001)
        #expect(socket.receive(.binary, long) == DrivenWebSocket.failure(.frameTooLarge(limit: 1000)))
    }

    // MARK: RFC 6455 §5.5.1 and §7, closing

    @Test func aCloseFrameIsAnsweredWithItsCode() {
        var socket = DrivenWebSocket()
        let close = WebSocketClosePayload(code: .goingAway, reason: "bye")
        #expect(
            socket.receive(.close, close.bytes) == [.closed(close, answer: DrivenWebSocket.closeFrame(.goingAway))]
        )
        #expect(socket.receive(.text, "ignored") == [])
        #expect(!socket.machine.canSend)
        #expect(socket.machine.close(code: .normal) == .none)
        #expect(socket.machine.ping() == nil)
        #expect(socket.machine.connectionLost() == false)
    }

    @Test func anEmptyCloseFrameIsAnsweredWithAnEmptyOne() {
        var socket = DrivenWebSocket()
        #expect(
            socket.receive(.close) == [
                .closed(WebSocketClosePayload(code: nil), answer: DrivenWebSocket.closeFrame(nil))
            ]
        )
    }

    @Test func ourCloseWaitsForThePeersAndIgnoresMessagesUntilThen() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.text, "half", isFinal: false) == [])
        #expect(
            socket.machine.close(code: .goingAway, reason: "stopping")
                == .send(DrivenWebSocket.closeFrame(.goingAway, "stopping"))
        )
        #expect(socket.machine.close(code: .normal) == .none)
        #expect(!socket.machine.canSend)
        #expect(socket.receive(.continuation, "other half") == [])
        #expect(socket.receive(.text, "ignored") == [])
        #expect(socket.receive(.ping, "ignored") == [])
        #expect(socket.machine.bufferedBytes == 0)
        let close = WebSocketClosePayload(code: .goingAway)
        #expect(socket.receive(.close, close.bytes) == [.closed(close, answer: nil)])
        #expect(socket.machine.connectionLost() == false)
    }

    @Test func aMessageThatIsHalfReadWhenWeCloseIsSkipped() {
        var socket = DrivenWebSocket()
        let frame = DrivenWebSocket.frame(.binary, ByteBuffer(repeating: 1, count: 500), mask: DrivenWebSocket.key)
        let close = DrivenWebSocket.closeFrame(.normal, mask: DrivenWebSocket.key)
        #expect(socket.receive(frame.getSlice(at: 0, length: 100) ?? ByteBuffer()) == [])
        #expect(socket.machine.close(code: .normal) != .none)
        var rest = frame.getSlice(at: 100, length: frame.readableBytes - 100) ?? ByteBuffer()
        rest.writeImmutableBuffer(close)
        #expect(socket.receive(rest) == [.closed(WebSocketClosePayload(code: .normal), answer: nil)])
    }

    @Test func aViolationWhileClosingIsNotAnswered() {
        var socket = DrivenWebSocket()
        _ = socket.machine.close(code: .normal)
        #expect(socket.receive(ByteBuffer(bytes: [0x83])) == [.failed(.reservedOpcode(3), answer: nil)])
    }

    @Test func aLostConnectionIsUncleanUnlessItWasClosed() {
        var open = DrivenWebSocket()
        #expect(open.machine.connectionLost() == true)
        #expect(open.receive(.text, "ignored") == [])
        var closing = DrivenWebSocket()
        _ = closing.machine.close(code: .normal)
        #expect(closing.machine.connectionLost() == true)
    }

    /// RFC 6455 §7.4.
    @Test func closeCodesAreThoseThatMayBeSent() {
        let allowed = Set(1000...1003).union(1007...1014).union(3000...4999)
        let wrong = (0...UInt16.max).filter { code in
            WebSocketCloseCode(rawValue: code).isAllowedInFrame != allowed.contains(Int(code))
        }
        #expect(wrong.isEmpty)
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] as [UInt16] {
            var socket = DrivenWebSocket()
            let payload = ByteBuffer(integer: code)
            #expect(socket.receive(.close, payload) == DrivenWebSocket.failure(.closeCode(code)))
        }
    }

    @Test func closePayloadsThatAreNoneAreViolations() {
        var short = DrivenWebSocket()
        #expect(short.receive(.close, "x") == DrivenWebSocket.failure(.shortClosePayload))
        var reason = DrivenWebSocket()
        #expect(
            reason.receive(.close, ByteBuffer(bytes: [0x03, 0xE8, 0xFF]))
                == DrivenWebSocket.failure(.closeReasonNotUTF8)
        )
    }

    @Test func aReasonIsCutBetweenTwoScalars() throws {
        let long = String(repeating: "é", count: 100)
        let payload = WebSocketClosePayload(code: .normal, reason: long)
        #expect(payload.reason == String(repeating: "é", count: 61))
        #expect(payload.bytes.readableBytes == 124)
        #expect(try WebSocketClosePayload(reading: payload.bytes) == payload)
        for count in 118...128 {
            let reason = String(repeating: "a", count: count) + "😀"
            let bytes = WebSocketClosePayload(code: .normal, reason: reason).bytes
            #expect(bytes.readableBytes <= WebSocketOpcode.maximumControlBytes)
            _ = try WebSocketClosePayload(reading: bytes)
        }
        let tests: [WebSocketViolation] = [
            .frameTooLarge(limit: .max), .messageTooLarge(limit: .max), .closeCode(.max),
        ]
        for violation in tests {
            #expect(violation.reason.utf8.count <= WebSocketClosePayload.maximumReasonBytes)
        }
    }

    @Test func pingsAreCutToAControlFrame() {
        let socket = DrivenWebSocket()
        #expect(
            socket.machine.ping(payload: ByteBuffer(repeating: 1, count: 200))
                == DrivenWebSocket.frame(.ping, ByteBuffer(repeating: 1, count: 125))
        )
    }

    // MARK: RFC 6455 §8.1, text

    @Test func textThatIsCutWithinAScalarIsWholeAgain() {
        var socket = DrivenWebSocket()
        let bytes = ByteBuffer(string: "κόσμε 😀")
        for index in bytes.readableBytesView.indices {
            let isLast = index + 1 == bytes.writerIndex
            let byte = bytes.getSlice(at: index, length: 1) ?? ByteBuffer()
            let actions = socket.receive(index == 0 ? .text : .continuation, byte, isFinal: isLast)
            #expect(actions == (isLast ? [.text(bytes)] : []))
        }
    }

    @Test func badTextFailsAtItsFirstWrongByteEvenWithinAFrame() {
        // The header promises 100 bytes; the third that comes is wrong.
        var frame = DrivenWebSocket.frame(
            .text,
            ByteBuffer(bytes: [0x61, 0xE2, 0x28] + Array(repeating: 0x61, count: 97))
        )
        var socket = DrivenWebSocket(role: DrivenWebSocket.client)
        #expect(socket.receive(frame.readSlice(length: 4) ?? ByteBuffer()) == [])
        let answer = DrivenWebSocket.closeFrame(.invalidPayload, "the text is not UTF-8", mask: DrivenWebSocket.key)
        #expect(socket.receive(frame.readSlice(length: 1) ?? ByteBuffer()) == [.failed(.textNotUTF8, answer: answer)])
    }

    @Test func textThatEndsWithinAScalarIsAViolation() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.text, ByteBuffer(bytes: [0xE2]), isFinal: false) == [])
        #expect(socket.receive(.continuation, ByteBuffer(bytes: [0x82])) == DrivenWebSocket.failure(.textNotUTF8))
    }

    @Test func binaryNeedNotBeText() {
        var socket = DrivenWebSocket()
        #expect(socket.receive(.binary, ByteBuffer(bytes: [0xFF])) == [.binary(ByteBuffer(bytes: [0xFF]))])
    }
}
