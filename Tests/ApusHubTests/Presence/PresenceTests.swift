import ApusCore
import NIOCore
import Testing

@testable import ApusHub

@Suite struct PresenceTests {
    private let channel: ChannelName

    init() throws { channel = try ChannelName("c") }

    @Test func clientsAndUsersAreCounted() {
        let table = PresenceTable()
        table.add(ClientInfo(client: "1", user: "eve"), to: channel)
        table.add(ClientInfo(client: "2", user: "eve"), to: channel)
        table.add(ClientInfo(client: "3", user: "bob"), to: channel)
        table.add(ClientInfo(client: "3", user: "joe"), to: channel)
        #expect(table.counts(on: channel) == PresenceTable.Counts(clients: 3, users: 2))
        #expect(Set(table.members(of: channel).compactMap(\.user)) == ["eve", "joe"])
        #expect(table.remove(client: "1", from: channel))
        #expect(!table.remove(client: "1", from: channel))
        #expect(table.counts(on: channel) == PresenceTable.Counts(clients: 2, users: 2))
        table.remove(client: "2", from: channel)
        table.remove(client: "3", from: channel)
        #expect(table.counts(on: channel) == PresenceTable.Counts(clients: 0, users: 0))
        #expect(table.members(of: channel) == [])
    }

    @Test func arrivalsAreToldToThoseWhoAskOnceAndInOrderWithTheMessages() {
        let fixture = SessionFixture()
        let (watcher, other, member) = (fixture.connect(), fixture.connect(), fixture.connect())
        watcher.send(#"{"id":2,"subscribe":{"channel":"c","join_leave":true}}"#)
        other.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        _ = (watcher.taken(), other.taken())
        // All within one turn of the loop, so that one slice has to hold them in their order.
        let commands = [
            #"{"id":2,"subscribe":{"channel":"c"}}"#, #"{"id":3,"publish":{"channel":"c","data":1}}"#,
            #"{"id":4,"publish":{"channel":"c","data":2}}"#, #"{"id":5,"unsubscribe":{"channel":"c"}}"#,
        ]
        member.session.receive(ByteBuffer(string: commands.joined(separator: "\n")))
        #expect(watcher.taken().map(\.kind) == ["join", "pub", "pub", "leave"])
        #expect(other.taken().map(\.kind) == ["pub", "pub"])
    }

    @Test func aWatcherHearsOfItselfAndOfThoseWhoseConnectionIsLost() {
        let fixture = SessionFixture()
        let watcher = fixture.connect()
        watcher.send(#"{"id":2,"subscribe":{"channel":"c","join_leave":true}}"#)
        #expect(watcher.taken().map(\.kind) == ["subscribe", "join"])
        let member = fixture.connect()
        member.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        member.session.connectionLost()
        let lines = watcher.taken()
        #expect(lines.map(\.kind) == ["join", "leave"])
        #expect(lines.allSatisfy { $0.contains(member.client) })
    }

    @Test func aSlowWatcherHearsOfEveryArrivalLater() throws {
        let fixture = SessionFixture()
        let watcher = fixture.connect()
        watcher.send(#"{"id":2,"subscribe":{"channel":"c","join_leave":true}}"#)
        _ = watcher.taken()
        watcher.line.roomFor = 1
        try fixture.publish("fills")
        fixture.run()
        for number in 0..<5 {
            let member = fixture.connect()
            member.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
            try fixture.publish("m\(number)")
            member.session.disconnect(.forceReconnect)
            fixture.run()
        }
        watcher.line.drain()
        watcher.session.writable()
        let kinds = watcher.taken().map(\.kind)
        #expect(kinds.filter { $0 == "join" }.count == 5)
        #expect(kinds.filter { $0 == "leave" }.count == 5)
        #expect(kinds.filter { $0 == "pub" }.count == 6)
    }

    @Test func nobodyIsToldWhereNobodyAsks() {
        let fixture = SessionFixture()
        let before = fixture.hub.channelCount
        let client = fixture.connect()
        client.send(#"{"id":2,"subscribe":{"channel":"c"}}"#)
        #expect(fixture.hub.channelCount == before + 1)
        #expect(client.taken().map(\.kind) == ["subscribe"])
    }
}

extension String {
    /// What a line is about: the push's name, or the reply's.
    var kind: String {
        for name in ["join", "leave", "unsubscribe", "subscribe", "publish", "error", "pub"]
        where contains("\"\(name)\":{") {
            return name
        }
        return self
    }
}
