import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Synchronization
import Testing

/// Positions go along from session to session, whatever the transports: nothing is lost, nothing comes twice.
@Suite struct SessionRecoveryTests {
    @Test(arguments: SessionTestTransport.allCases, SessionTestTransport.allCases)
    func aSessionGoesOnOnAnotherTransport(_ one: SessionTestTransport, _ two: SessionTestTransport) async throws {
        try await withServer { server in
            let epoch = try server.hub.status(of: ChannelName("news")).position.epoch
            let first = try await SessionTestClient(port: server.port, one)
            _ = try await first.command(#""subscribe":{"channel":"news"}"#)
            try server.publish("m1")
            #expect(try await first.publication().offset == 1)
            try await first.cut()
            for number in 2...4 { try server.publish("m\(number)") }
            let second = try await SessionTestClient(port: server.port, two)
            let reply = try await second.command(
                #""subscribe":{"channel":"news","recover":true,"epoch":"\#(epoch)","offset":1}"#
            )
            let result = try #require(try reply["subscribe"]?.members())
            #expect(result["recovered"]?.boolean == true)
            let recovered = try result["publications"]?.elements(limit: 10).map { try $0.members()["data"]?.string }
            #expect(recovered == ["m2", "m3", "m4"])
            try server.publish("m5")
            #expect(try await second.publication().offset == 5)
            try await second.cut()
        }
    }

    @Test func thousandsOfMessagesSurviveCutsAndChangesOfTransport() async throws {
        try await withServer { server in
            var random = SeededGenerator(seed: 77)
            let count = 5_000
            let name = try ChannelName("news")
            let epoch = try server.hub.status(of: name).position.epoch
            let progress = Progress()
            let publisher = Task {
                for number in 1...count {
                    // Not further ahead than the log keeps.
                    try server.publish("m\(number)")
                    if number.isMultiple(of: 20) { await Task.yield() }
                    while try server.hub.status(of: name).position.offset > progress.value + 900 {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                }
            }
            var expected: Int64 = 1
            var changes = 0
            while expected <= count {
                let transport = SessionTestTransport.allCases.randomElement(using: &random) ?? .webSocket
                let client = try await SessionTestClient(port: server.port, transport)
                let reply = try await client.command(
                    #""subscribe":{"channel":"news","recover":true,"epoch":"\#(epoch)","offset":\#(expected - 1)}"#
                )
                let result = try #require(try reply["subscribe"]?.members())
                #expect(result["recovered"]?.boolean == true)
                for publication in try result["publications"]?.elements(limit: 1_000) ?? [] {
                    #expect(try publication.members()["offset"]?.integer == expected)
                    expected += 1
                }
                let until = min(Int64(count), expected + Int64.random(in: 0...400, using: &random))
                while expected <= until {
                    let next = try await client.publication()
                    #expect(next.offset == expected)
                    #expect(next.data == "\"m\(expected)\"")
                    guard next.offset == expected else { break }
                    expected += 1
                    progress.value = UInt64(expected)
                }
                progress.value = UInt64(expected)
                try await client.cut()
                changes += 1
            }
            try await publisher.value
            #expect(changes > 10)
        }
    }
}

/// How far a reader is.
private final class Progress: Sendable {
    private let offset = Atomic<UInt64>(0)

    var value: UInt64 {
        get { offset.load(ordering: .relaxed) }
        set { offset.store(newValue, ordering: .relaxed) }
    }
}
