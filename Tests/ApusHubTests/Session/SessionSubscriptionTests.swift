import ApusCore
import ApusWire
import NIOCore
import Testing

@testable import ApusHub

@Suite struct SessionSubscriptionTests {
    private func pub(_ text: String, _ offset: Int) -> String {
        #"{"push":{"channel":"c","pub":{"data":"\#(text)","offset":\#(offset),"time":1000}}}"#
    }

    @Test func theReplyComesBeforeWhatIsPublishedAfter() throws {
        let fixture = SessionFixture()
        let position = try fixture.publish("before")
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        try fixture.publish("after")
        #expect(
            client.taken() == [
                #"{"id":2,"subscribe":{"recoverable":true,"epoch":"\#(position.epoch)","offset":1,"positioned":true}}"#,
                pub("after", 2),
            ]
        )
    }

    @Test func whatASessionPublishesReachesOthersWithItsAuthor() throws {
        let fixture = SessionFixture()
        let (one, two) = (fixture.connect(), fixture.connect())
        two.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        _ = two.taken()
        one.send(#"{"id":2,"publish":{"channel":"c","data":{"a":1}}}"#)
        #expect(one.taken() == [#"{"id":2,"publish":{}}"#])
        let author = #"{"client":"\#(one.client)"}"#
        #expect(
            two.taken() == [
                #"{"push":{"channel":"c","pub":{"data":{"a":1},"info":\#(author),"offset":1,"time":1000}}}"#
            ]
        )
        let read = try fixture.hub.read([ChannelName("c")], since: .start, limit: ReadLimit(messages: 9, bytes: 99))
        #expect(read.publications.first?.message.contentType == .json)
    }

    @Test func aSliceIsMadeOnceForAllSessionsOfAKind() throws {
        let fixture = SessionFixture()
        let clients = (0..<3).map { _ in fixture.connect() }
        for client in clients { client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#) }
        for client in clients { _ = client.taken() }
        try fixture.publish("shared")
        fixture.run()
        let places = clients.map { client in
            client.line.slices.first?.withUnsafeReadableBytes { $0.baseAddress.map(Int.init(bitPattern:)) }
        }
        #expect(places[0] != nil)
        #expect(Set(places).count == 1)
    }

    @Test func recoveringGivesWhatWasMissedAndNothingTwice() throws {
        let fixture = SessionFixture()
        let epoch = try fixture.publish("one").epoch
        for text in ["two", "three"] { try fixture.publish(text) }
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c","recover":true,"epoch":"\#(epoch)","offset":1}}"#)
        try fixture.publish("four")
        let lines = client.taken()
        #expect(
            lines == [
                #"{"id":2,"subscribe":{"recoverable":true,"epoch":"\#(epoch)","publications":["#
                    + #"{"data":"two","offset":2,"time":1000},{"data":"three","offset":3,"time":1000}],"#
                    + #""recovered":true,"offset":3,"positioned":true,"was_recovering":true}}"#,
                pub("four", 4),
            ]
        )
    }

    @Test func whatIsBeyondTheReplysLimitFollows() throws {
        var configuration = SessionConfiguration()
        configuration.recoveryMessages = 2
        let fixture = SessionFixture(sessions: configuration)
        let epoch = try fixture.publish("m1").epoch
        for number in 2...6 { try fixture.publish("m\(number)") }
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c","recover":true,"epoch":"\#(epoch)","offset":0}}"#)
        let lines = client.taken()
        #expect(lines.first?.contains(#""recovered":true,"offset":2"#) == true)
        #expect(Array(lines.dropFirst()) == (3...6).map { pub("m\($0)", $0) })
    }

    @Test(arguments: [("zzz", 1), ("", 0), ("EPOCH", 99)])
    func aPositionOfNoLogIsNotRecovered(_ epoch: String, _ offset: Int) throws {
        let fixture = SessionFixture()
        let position = try fixture.publish("one")
        let client = fixture.connect()
        let asked = epoch == "EPOCH" ? position.epoch.description : epoch
        client.send(#"{"id":2,"subscribe":{"channel":"c","recover":true,"epoch":"\#(asked)","offset":\#(offset)}}"#)
        #expect(
            client.taken() == [
                #"{"id":2,"subscribe":{"recoverable":true,"epoch":"\#(position.epoch)","offset":1,"positioned":true,"was_recovering":true}}"#
            ]
        )
    }

    @Test func lostHistoryEndsTheSubscriptionAndTheNextOneTellsWhere() throws {
        var configuration = HubConfiguration()
        configuration.retention = Retention(messages: 2)
        let fixture = SessionFixture(configuration)
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        _ = client.taken()
        client.line.roomFor = 1
        for number in 1...6 {
            try fixture.publish("m\(number)")
            fixture.run()
        }
        #expect(client.taken() == [pub("m1", 1)])
        client.line.drain()
        client.session.writable()
        #expect(
            client.taken() == [
                #"{"push":{"channel":"c","unsubscribe":{"code":2500,"reason":"insufficient state"}}}"#
            ]
        )
        #expect(try fixture.hub.status(of: ChannelName("c")).subscribers == 0)
        client.send(#"{"id":3,"subscribe":{"channel":"c"}}"#)
        #expect(client.taken().first?.contains(#""offset":6"#) == true)
    }

    @Test func aDroppedChannelEndsTheSubscription() throws {
        let fixture = SessionFixture()
        try fixture.publish("one")
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        _ = client.taken()
        fixture.hub.drop(try ChannelName("c"))
        try fixture.publish("new")
        #expect(client.taken().first?.contains(#""unsubscribe":{"code":2500"#) == true)
    }

    @Test func aChannelCanBeFollowedOnceOnly() {
        let client = SessionFixture().connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        client.send(#"{"id":3,"subscribe":{"channel":"c"}}"#)
        client.send(#"{"id":4,"unsubscribe":{"channel":"c"}}"#)
        client.send(#"{"id":5,"subscribe":{"channel":"c"}}"#)
        let lines = client.taken()
        #expect(lines[1] == #"{"id":3,"error":{"code":105,"message":"already subscribed"}}"#)
        #expect(lines[2] == #"{"id":4,"unsubscribe":{}}"#)
        #expect(lines[3].hasPrefix(#"{"id":5,"subscribe":{"#))
    }

    @Test func thereIsALimitOnSubscriptions() {
        var configuration = SessionConfiguration()
        configuration.maximumSubscriptions = 2
        let client = SessionFixture(sessions: configuration).connect()
        for id in 2...4 { client.send(#"{"id":\#(id),"subscribe":{"channel":"c\#(id)"}}"#) }
        #expect(client.taken().last == #"{"id":4,"error":{"code":106,"message":"limit exceeded"}}"#)
    }

    @Test func theServerSubscribesAndUnsubscribes() throws {
        let fixture = SessionFixture()
        let epoch = try fixture.publish("one").epoch
        let client = fixture.connect()
        client.session.subscribeByServer(try ChannelName("c"))
        try fixture.publish("two")
        fixture.run()
        client.session.unsubscribeByServer(try ChannelName("c"), .server)
        try fixture.publish("three")
        #expect(
            client.taken() == [
                #"{"push":{"channel":"c","subscribe":{"recoverable":true,"epoch":"\#(epoch)","offset":1,"positioned":true}}}"#,
                pub("two", 2),
                #"{"push":{"channel":"c","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}"#,
            ]
        )
    }

    @Test func aSessionThatEndsLeavesNothingBehind() throws {
        let fixture = SessionFixture()
        let client = fixture.connect()
        client.send(
            "{\"id\":2,\"subscribe\":{\"channel\":\"c\",\"join_leave\":true}}\n{\"id\":3,\"subscribe\":{\"channel\":\"d\"}}"
        )
        #expect(try fixture.hub.status(of: ChannelName("c")).subscribers == 1)
        client.session.connectionLost()
        for name in ["c", "d"] {
            #expect(try fixture.hub.status(of: ChannelName(name)).subscribers == 0)
            #expect(fixture.hub.presence(on: try ChannelName(name)) == [])
        }
        #expect(fixture.context.registry.count == 0)
    }
}
