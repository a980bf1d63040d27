import ApusTestSupport
import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct SessionCommandParserTests {
    private func inputs(_ text: String, _ limits: SessionLimits = SessionLimits()) throws(SessionViolation)
        -> [SessionInput]
    {
        try SessionCommandParser(limits: limits).inputs(in: ByteBuffer(string: text))
    }

    private func request(_ text: String) throws -> SessionCommand.Request {
        guard case .command(let command)? = try inputs(text).first else { throw SessionViolation.malformed }
        return command.request
    }

    @Test func commandsOfTheVectorsAreRead() throws {
        let vectors = try SessionVectors().all("commands")
        #expect(vectors.count == 16)
        for vector in vectors {
            let read = try inputs(vector.wire)
            #expect(read.count == 1)
            let input = try #require(read.first)
            #expect(input.method == vector.text("method"), "\(vector.name)")
            #expect(input.id == vector.number("id"), "\(vector.name)")
            #expect(input.channel == vector.text("channel"), "\(vector.name)")
        }
    }

    @Test func bothFormsOfACommandAreTheSame() throws {
        var batch = ByteBuffer()
        var expected: [SessionInput] = []
        for vector in try SessionVectors().all("commands") {
            let json = try inputs(vector.wire)
            #expect(try SessionCommandParser().protobufInputs(in: vector.protobuf) == json, "\(vector.name)")
            batch.writeImmutableBuffer(vector.protobuf)
            expected += json
        }
        #expect(try SessionCommandParser().protobufInputs(in: batch) == expected)
    }

    @Test func aProtobufCommandThatIsCutEndsTheSession() throws {
        for vector in try SessionVectors().all("commands") {
            let whole = vector.protobuf
            for length in 1..<max(1, whole.readableBytes) {
                let part = try #require(whole.getSlice(at: whole.readerIndex, length: length))
                #expect(throws: SessionViolation.malformed, "\(vector.name) cut at \(length)") {
                    try SessionCommandParser().protobufInputs(in: part)
                }
            }
        }
    }

    @Test(
        arguments: [
            // A length and a number of more than 64 bits, a field of number 0, a wire type that there is not, text that is none.
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            [11, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], [2, 0x00, 0x01], [2, 0x0F, 0x01],
            [7, 0x08, 0x01, 0x2A, 0x03, 0x0A, 0x01, 0xFF], [4, 0x08, 0x01, 0x28, 0x01], [2, 0x2A, 0x00, 0x05],
        ] as [[UInt8]]
    )
    func protobufThatIsNoneEndsTheSession(_ bytes: [UInt8]) {
        #expect(throws: SessionViolation.self) {
            try SessionCommandParser().protobufInputs(in: ByteBuffer(bytes: bytes))
        }
    }

    @Test func randomProtobufNeverTraps() throws {
        var random = SeededGenerator(seed: 0x5E55_1012)
        let messages = try SessionVectors().all("commands").map { Array($0.protobuf.readableBytesView) }
        var taken = 0
        for _ in 0..<4_000 {
            var bytes = messages.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            if (try? SessionCommandParser().protobufInputs(in: ByteBuffer(bytes: bytes))) != nil { taken += 1 }
        }
        #expect(taken > 0 && taken < 4_000)
    }

    @Test func whatCantBeIsAnsweredByAnError() throws {
        for vector in try SessionVectors().all("refused") {
            guard case .invalid(let error) = try request(vector.wire) else {
                Issue.record("\(vector.name) was taken")
                continue
            }
            #expect(Int64(error.code) == vector.number("code"))
        }
    }

    @Test func whatBreaksTheProtocolEndsTheSession() throws {
        for vector in try SessionVectors().all("violations") {
            do {
                _ = try inputs(vector.wire)
                Issue.record("\(vector.name) was taken")
            } catch {
                #expect(Int64(error.disconnect.code) == vector.number("code"), "\(vector.name)")
            }
        }
    }

    @Test func aBatchIsReadLineByLine() throws {
        let text = "{}\n\n{\"id\":1,\"ping\":{}}\r\n{\"id\":2,\"ping\":null,\"presence\":{\"channel\":\"a\"}}\n"
        #expect(try inputs(text).map(\.method) == ["pong", "ping", "presence"])
    }

    @Test func everyFieldOfAConnectCommandIsRead() throws {
        let text = """
            {"id":1,"connect":{"token":"t","data":{"a":1},"name":"js","version":"2","headers":{"x":"y"},\
            "subs":{"a":{"recover":true,"offset":3,"epoch":"k3"},"b":{}}}}
            """
        guard case .connect(let connect) = try request(text) else {
            Issue.record("no connect")
            return
        }
        #expect(connect.token == "t")
        #expect(connect.data == ByteBuffer(string: "{\"a\":1}"))
        #expect(connect.name == "js")
        #expect(connect.version == "2")
        #expect(connect.subscriptions.map(\.channel.rawValue) == ["a", "b"])
        #expect(connect.subscriptions.map(\.recover) == [SessionPosition(epoch: "k3", offset: 3), nil])
    }

    @Test func aPositionCountsOnlyWithRecover() throws {
        guard
            case .subscribe(let without) = try request(
                #"{"id":1,"subscribe":{"channel":"a","epoch":"k3","offset":5,"join_leave":true}}"#
            ),
            case .subscribe(let with) = try request(
                #"{"id":1,"subscribe":{"channel":"a","recover":true,"epoch":"k3","offset":"5"}}"#
            )
        else {
            Issue.record("no subscribe")
            return
        }
        #expect(without.recover == nil)
        #expect(without.joinLeave)
        #expect(with.recover == SessionPosition(epoch: "k3", offset: 5))
        #expect(!with.joinLeave)
    }

    @Test func dataStaysAsItCame() throws {
        let data = #"{ "b" : [1, 2.50, "\u00e9"] , "a":null}"#
        guard case .publish(_, let read) = try request("{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":\(data)}}")
        else {
            Issue.record("no publish")
            return
        }
        #expect(String(buffer: read) == data)
    }

    @Test func limitsHoldExactly() throws {
        let ping = #"{"id":1,"ping":{}}"#
        var limits = SessionLimits(commandBytes: ping.utf8.count, commandsPerBatch: 2)
        #expect(try inputs("\(ping)\n\(ping)", limits).count == 2)
        #expect(throws: SessionViolation.tooManyCommands(limit: 2)) { try inputs("\(ping)\n\(ping)\n\(ping)", limits) }
        limits.commandBytes -= 1
        #expect(throws: SessionViolation.commandTooLarge(limit: limits.commandBytes)) { try inputs(ping, limits) }
        limits = SessionLimits(tokenBytes: 3, methodBytes: 3, nameBytes: 3, connectSubscriptions: 1)
        for (inside, isTaken) in [
            (#""connect":{"token":"abc"}"#, true), (#""connect":{"token":"abcd"}"#, false),
            (#""connect":{"name":"abcd"}"#, false), (#""connect":{"version":"abcd"}"#, false),
            (#""connect":{"subs":{"a":{}}}"#, true), (#""rpc":{"method":"abc"}"#, true),
            (#""rpc":{"method":"abcd"}"#, false), (#""refresh":{"token":"abcd"}"#, false),
            (#""sub_refresh":{"channel":"a","token":"abcd"}"#, false),
        ] {
            let read = try inputs("{\"id\":1,\(inside)}", limits)
            #expect((read.first?.method != "invalid") == isTaken, "\(inside)")
        }
        #expect(throws: SessionViolation.malformed) {
            try inputs(#"{"id":1,"connect":{"subs":{"a":{},"b":{}}}}"#, limits)
        }
    }

    @Test func anUpstreamRequestCarriesCommandsAsTextOrAsTheyStand() throws {
        let text = try SessionUpstream(
            ByteBuffer(string: #"{"session":"s","node":"n","data":"{\"id\":1,\"ping\":{}}\n{}"}"#)
        )
        #expect(text.session == "s")
        #expect(text.node == "n")
        #expect(String(buffer: text.commands) == "{\"id\":1,\"ping\":{}}\n{}")
        let raw = try SessionUpstream(ByteBuffer(string: #"{"session":"s","data":{"id":1,"ping":{}}}"#))
        #expect(String(buffer: raw.commands) == #"{"id":1,"ping":{}}"#)
        #expect(try SessionUpstream(ByteBuffer(string: #"{"session":"s"}"#)).commands.readableBytes == 0)
        for bad in ["", "{}", #"{"session":5}"#, #"{"session":""}"#, "[]", #"{"id":1,"connect":{}}"#] {
            #expect(throws: SessionViolation.malformed, "\(bad)") { try SessionUpstream(ByteBuffer(string: bad)) }
        }
    }

    @Test func everySplitOfAVectorIsTakenOrEndsTheSession() throws {
        for vector in try SessionVectors().all("commands") where vector.wire != "{}" {
            let bytes = Array(vector.wire.utf8)
            for length in 1..<bytes.count {
                #expect(throws: SessionViolation.malformed, "\(vector.name) cut at \(length)") {
                    try SessionCommandParser().inputs(in: ByteBuffer(bytes: bytes[..<length]))
                }
            }
        }
    }

    @Test func randomDamageNeverTraps() throws {
        var random = SeededGenerator(seed: 0x5E55_1011)
        let wires = try SessionVectors().all("commands").map { Array($0.wire.utf8) }
        var taken = 0
        for _ in 0..<4_000 {
            var bytes = wires.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            if (try? SessionCommandParser().inputs(in: ByteBuffer(bytes: bytes))) != nil { taken += 1 }
        }
        #expect(taken > 0 && taken < 4_000)
    }
}

extension SessionInput {
    fileprivate var id: Int64 {
        switch self {
        case .pong: 0
        case .command(let command): Int64(command.id)
        }
    }

    fileprivate var method: String {
        guard case .command(let command) = self else { return "pong" }
        return switch command.request {
        case .connect: "connect"
        case .subscribe: "subscribe"
        case .unsubscribe: "unsubscribe"
        case .publish: "publish"
        case .presence: "presence"
        case .presenceStats: "presence_stats"
        case .history: "history"
        case .ping: "ping"
        case .send: "send"
        case .rpc: "rpc"
        case .refresh: "refresh"
        case .subRefresh: "sub_refresh"
        case .unknown: "unknown"
        case .invalid: "invalid"
        }
    }

    fileprivate var channel: String? {
        guard case .command(let command) = self else { return nil }
        return switch command.request {
        case .subscribe(let subscribe): subscribe.channel.rawValue
        case .history(let history): history.channel.rawValue
        case .unsubscribe(let channel), .publish(let channel, _), .presence(let channel), .presenceStats(let channel),
            .subRefresh(let channel, _):
            channel.rawValue
        case .connect, .ping, .send, .rpc, .refresh, .unknown, .invalid: nil
        }
    }
}
