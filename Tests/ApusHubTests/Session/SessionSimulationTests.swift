import ApusCore
import ApusTestSupport
import ApusWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ApusHub

/// Sessions that share a line between many channels, at random: whatever fills up and drains when, each channel's offsets
/// follow each other, from the reply on, and replies come in their order.
@Suite struct SessionSimulationTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func noChannelLosesOrDoublesAMessage(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var configuration = HubConfiguration()
        configuration.sliceBytes = 64
        configuration.fanOutTurn = 2
        let fixture = SessionFixture(configuration)
        let names = ["a", "b", "c", "d"]
        var clients = (0..<5).map { _ in Reader(fixture.connect()) }
        var published = 0
        for _ in 0..<1_500 {
            let index = Int.random(in: clients.indices, using: &random)
            let name = names.randomElement(using: &random) ?? "a"
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                try fixture.publish("m\(published)", to: name)
                published += 1
            case 4: clients[index].driver.line.roomFor = Int.random(in: 1...3, using: &random)
            case 5: clients[index].drain()
            case 6: try clients[index].toggle(name, joinLeave: Bool.random(using: &random))
            case 7: clients[index].ping()
            default:
                if Bool.random(using: &random) { fixture.eventLoop.run() } else { fixture.run() }
            }
        }
        for index in clients.indices {
            clients[index].drain()
            fixture.run()
            try clients[index].read()
            #expect(clients[index].driver.line.closed == nil)
            for (name, offset) in clients[index].offsets {
                #expect(try fixture.hub.status(of: ChannelName(name)).position.offset == offset, "\(name)")
            }
        }
        #expect(clients.map(\.publications).reduce(0, +) > 300)
    }

    /// A client that believes nothing.
    private struct Reader {
        let driver: SessionDriver
        /// Where it stands on the channels that it follows, as it was told.
        var offsets: [String: UInt64] = [:]
        /// What it asked for and has no answer to, in order.
        var asked: [(id: Int64, subscribes: String?)] = []
        var follows: Set<String> = []
        var publications = 0
        private var lastID: Int64 = 1

        init(_ driver: SessionDriver) {
            self.driver = driver
        }

        private mutating func command(_ body: String, subscribes: String? = nil) {
            lastID += 1
            asked.append((lastID, subscribes))
            driver.session.receive(ByteBuffer(string: "{\"id\":\(lastID),\(body)}"))
        }

        mutating func ping() { command(#""ping":{}"#) }

        mutating func toggle(_ name: String, joinLeave: Bool) throws {
            if follows.contains(name) {
                // What was sent before counts to the old subscription.
                try read()
                follows.remove(name)
                command(#""unsubscribe":{"channel":"\#(name)"}"#)
                drain()
                try read()
                offsets[name] = nil
            } else {
                follows.insert(name)
                command(#""subscribe":{"channel":"\#(name)","join_leave":\#(joinLeave)}"#, subscribes: name)
            }
        }

        mutating func drain() {
            driver.line.drain()
            driver.session.writable()
        }

        mutating func read() throws {
            for line in driver.line.takeLines() where line != "{}" {
                let members = try JSONScanner.members(of: ByteBuffer(string: line))
                if let push = members["push"] {
                    let push = try push.members()
                    guard let channel = push["channel"]?.string, let pub = try push["pub"]?.members(),
                        let offset = pub["offset"]?.integer
                    else { continue }
                    #expect(offsets[channel].map { $0 + 1 } == UInt64(offset), "\(channel): \(line)")
                    offsets[channel] = UInt64(offset)
                    publications += 1
                } else {
                    let expected = asked.removeFirst()
                    #expect(members["id"]?.integer == expected.id)
                    guard let name = expected.subscribes, let result = try members["subscribe"]?.members() else {
                        continue
                    }
                    offsets[name] = UInt64(result["offset"]?.integer ?? 0)
                }
            }
        }
    }
}
