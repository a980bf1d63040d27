import ApusCore
import ApusWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ApusHub

@Suite struct SessionTests {
    // MARK: Connecting

    @Test func connectingIsAnsweredWithWhoTheClientIs() {
        let fixture = SessionFixture()
        let client = fixture.open()
        client.send(#"{"id":7,"connect":{"name":"test"}}"#)
        #expect(
            client.taken() == [
                #"{"id":7,"connect":{"client":"\#(client.client)","version":"apus","ping":25,"pong":true,"#
                    + #""session":"\#(client.session.secret)","node":"\#(fixture.context.node)"}}"#
            ]
        )
        #expect(fixture.context.registry.find(client.session.secret) != nil)
    }

    @Test(arguments: [#"{"id":1,"subscribe":{"channel":"c"}}"#, "hello", #"{"subscribe":{"channel":"c"}}"#])
    func whatComesBeforeConnectingEndsTheSession(_ command: String) {
        let client = SessionFixture().open()
        client.send(command)
        #expect(client.line.closed == .badRequest)
        #expect(client.taken() == [#"{"push":{"disconnect":{"code":3501,"reason":"bad request"}}}"#])
    }

    @Test func connectingTwiceEndsTheSession() {
        let fixture = SessionFixture()
        let client = fixture.connect()
        client.send(#"{"id":2,"connect":{}}"#)
        #expect(client.line.closed == .badRequest)
        #expect(fixture.context.registry.count == 0)
    }

    @Test func whoDoesNotConnectIsLetGo() {
        let fixture = SessionFixture()
        let client = fixture.open()
        fixture.eventLoop.advanceTime(by: .seconds(14))
        #expect(client.line.closed == nil)
        fixture.eventLoop.advanceTime(by: .seconds(2))
        #expect(client.line.closed == .stale)
    }

    @Test func aClientThatCantSendNamesItsChannelsAtOnce() throws {
        let fixture = SessionFixture()
        let position = try fixture.publish("one")
        try fixture.publish("two")
        let client = fixture.open(isUnidirectional: true)
        let subscription = #"{"recover":true,"offset":1,"epoch":"\#(position.epoch)"}"#
        client.session.connectUnidirectional(ByteBuffer(string: #"{"subs":{"c":\#(subscription)}}"#))
        try fixture.publish("three")
        let lines = client.taken()
        #expect(lines.count == 2)
        #expect(
            lines.first?.contains(#""publications":[{"data":"two","offset":2,"time":1000}],"recovered":true"#) == true
        )
        #expect(lines.last == #"{"channel":"c","pub":{"data":"three","offset":3,"time":1000}}"#)
    }

    // MARK: Signs of life

    @Test func aClientThatAnswersPingsStays() {
        let fixture = SessionFixture()
        let client = fixture.connect()
        for _ in 0..<4 {
            fixture.eventLoop.advanceTime(by: .seconds(26))
            #expect(client.taken() == ["{}"])
            client.send("{}")
            #expect(client.line.closed == nil)
        }
    }

    @Test func aClientThatDoesNotIsGivenUp() {
        let fixture = SessionFixture()
        let client = fixture.connect()
        fixture.eventLoop.advanceTime(by: .seconds(26))
        fixture.eventLoop.advanceTime(by: .seconds(8))
        #expect(client.line.closed == nil)
        fixture.eventLoop.advanceTime(by: .seconds(3))
        #expect(client.line.closed == .noPong)
    }

    @Test func aClientThatCantBePingedOwesNoAnswer() throws {
        let fixture = SessionFixture()
        let client = fixture.connect()
        client.line.roomFor = 1
        client.send(#"{"id":2,"ping":{}}"#)
        for _ in 0..<10 { fixture.eventLoop.advanceTime(by: .seconds(26)) }
        #expect(client.line.closed == nil)
        client.line.drain()
        client.session.writable()
        _ = client.taken()
        fixture.eventLoop.advanceTime(by: .seconds(26))
        #expect(client.taken() == ["{}"])
        fixture.eventLoop.advanceTime(by: .seconds(11))
        #expect(client.line.closed == .noPong)
    }

    // MARK: Commands

    @Test(arguments: [
        (#"{"id":2,"teleport":{}}"#, 104), (#"{"id":2,"rpc":{"method":"x"}}"#, 108),
        (#"{"id":2,"refresh":{"token":"x"}}"#, 108), (#"{"id":2,"sub_refresh":{"channel":"c","token":"x"}}"#, 108),
        (#"{"id":2,"subscribe":{"channel":""}}"#, 107), (#"{"id":2,"publish":{"channel":"c"}}"#, 107),
        (#"{"id":2,"history":{"channel":"c","since":{"offset":1,"epoch":"zz"}}}"#, 112),
        (#"{"id":2,"history":{"channel":"c","since":{"offset":9}}}"#, 112),
    ])
    func aCommandThatCantBeCarriedOutAnswersItsError(_ command: String, _ code: Int) {
        let client = SessionFixture().connect()
        client.send(command)
        let lines = client.taken()
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix(#"{"id":2,"error":{"code":\#(code),"#) == true)
        #expect(client.line.closed == nil)
    }

    @Test func aMessageThatNobodyTakesEndsTheSession() {
        let client = SessionFixture().connect()
        client.send(#"{"send":{"data":1}}"#)
        #expect(client.line.closed == .notAvailable)
    }

    @Test func repliesKeepTheOrderOfTheirCommands() {
        let client = SessionFixture().connect()
        client.send((2..<50).map { #"{"id":\#($0),"ping":{}}"# }.joined(separator: "\n"))
        #expect(client.taken() == (2..<50).map { #"{"id":\#($0),"ping":{}}"# })
    }

    @Test func aFloodOfCommandsIsRefused() {
        var configuration = SessionConfiguration()
        configuration.maximumCommandsPerSecond = 10
        let client = SessionFixture(sessions: configuration).connect()
        client.send((2..<102).map { #"{"id":\#($0),"ping":{}}"# }.joined(separator: "\n"))
        let refused = client.taken().filter { $0.contains(#""code":111"#) }.count
        // Twenty at once, less the connect command; perhaps a few more for the time that has passed.
        #expect((70...81).contains(refused))
    }

    @Test func whoDoesNotReadHisRepliesIsLetGo() {
        var configuration = SessionConfiguration()
        configuration.maximumHeldBytes = 200
        let client = SessionFixture(sessions: configuration).connect()
        client.line.roomFor = 1
        for id in 2..<10 { client.send(#"{"id":\#(id),"ping":{}}"#) }
        #expect(client.line.closed == nil)
        for id in 10..<20 where client.line.closed == nil { client.send(#"{"id":\#(id),"ping":{}}"#) }
        #expect(client.line.closed == .slow)
    }

    @Test func whoReadsMayAskForMuchAtOnce() throws {
        var configuration = SessionConfiguration()
        configuration.maximumHeldBytes = 1_000
        let fixture = SessionFixture(sessions: configuration)
        try fixture.publish(String(repeating: "x", count: 100_000))
        let client = fixture.connect()
        client.send((2..<12).map { #"{"id":\#($0),"history":{"channel":"c","limit":1}}"# }.joined(separator: "\n"))
        #expect(client.line.closed == nil)
        #expect(client.line.slices.count == 10)
        #expect(client.taken().count == 10)
    }

    @Test func historyIsReadInBothDirections() throws {
        let fixture = SessionFixture()
        for number in 1...5 { try fixture.publish("m\(number)") }
        let client = fixture.connect()
        func offsets(_ fields: String) -> [String] {
            client.send(#"{"id":2,"history":{"channel":"c"\#(fields)}}"#)
            let line = client.taken().first ?? ""
            return line.split(separator: "\"data\":\"").dropFirst().map { String($0.prefix(2)) }
        }
        #expect(offsets("") == [])
        #expect(offsets(#","limit":-1"#) == ["m1", "m2", "m3", "m4", "m5"])
        #expect(offsets(#","limit":2"#) == ["m1", "m2"])
        #expect(offsets(#","limit":2,"since":{"offset":2}"#) == ["m3", "m4"])
        #expect(offsets(#","limit":2,"reverse":true"#) == ["m5", "m4"])
        #expect(offsets(#","limit":9,"reverse":true,"since":{"offset":3}"#) == ["m2", "m1"])
        #expect(offsets(#","limit":9,"reverse":true,"since":{"offset":1}"#) == [])
    }
}
