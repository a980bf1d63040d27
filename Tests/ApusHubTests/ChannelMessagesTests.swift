import ApusCore
import ApusHub
import ApusTestSupport
import NIOCore
import NIOPosix
import Testing

@Suite struct ChannelMessagesTests {
    private func withHub<Result: Sendable>(
        _ configuration: HubConfiguration = HubConfiguration(),
        _ body: @Sendable (Hub) async throws -> Result
    ) async throws -> Result {
        let hub = try await Hub.start(configuration: configuration, group: MultiThreadedEventLoopGroup.singleton)
        do {
            let result = try await body(hub)
            try await hub.shutDown()
            return result
        } catch {
            try await hub.shutDown()
            throw error
        }
    }

    private func message(_ text: String) throws -> Message {
        try Message(data: ByteBuffer(string: text), contentType: .text)
    }

    @Test func aProgramReadsEverythingFromWhereItBegan() async throws {
        try await withHub { hub in
            let channel = try ChannelName("news")
            try hub.publish(message("before"), to: channel)
            let messages = try hub.messages(on: [channel])
            for number in 1...500 { try hub.publish(message("\(number)"), to: channel) }
            let texts = try await withDeadline("500 messages") {
                var texts: [String] = []
                for try await event in messages {
                    guard case .message(let publication, _, _) = event else { continue }
                    texts.append(String(buffer: publication.message.data))
                    if texts.count == 500 { break }
                }
                return texts
            }
            #expect(texts == (1...500).map { "\($0)" })
        }
    }

    @Test func aSlowProgramIsToldWhatItMissed() async throws {
        var configuration = HubConfiguration()
        configuration.retention = Retention(messages: 3)
        try await withHub(configuration) { hub in
            let channel = try ChannelName("news")
            var iterator = try hub.messages(on: [channel]).makeAsyncIterator()
            for number in 1...10 { try hub.publish(message("\(number)"), to: channel) }
            guard case .gap(let gap, _, _) = try await iterator.next() else {
                Issue.record("no gap was told")
                return
            }
            #expect(gap == Gap(reason: .expired, missed: 7))
            guard case .message(let publication, _, _) = try await iterator.next() else { return }
            #expect(publication.offset == 8)
        }
    }

    @Test func cancellingTheTaskEndsTheWait() async throws {
        try await withHub { hub in
            let channel = try ChannelName("news")
            let messages = try hub.messages(on: [channel])
            let task = Task {
                var count = 0
                for try await _ in messages { count += 1 }
                return count
            }
            task.cancel()
            let count = try await withDeadline("the end of the sequence") { try await task.value }
            #expect(count == 0)
            #expect(try hub.status(of: channel).subscribers == 0)
        }
    }

    @Test func shuttingDownEndsTheSequence() async throws {
        let hub = try await Hub.start(group: MultiThreadedEventLoopGroup.singleton)
        let messages = try hub.messages(on: [ChannelName("news")])
        let task = Task {
            for try await _ in messages {}
        }
        try await hub.shutDown()
        await #expect(throws: Never.self) {
            // Either it waited and ended, or it came too late and was told that the server stops.
            do {
                try await withDeadline("the end of the sequence") { try await task.value }
            } catch let error as ApusError where error.code == .stopping {}
        }
    }

    @Test func messagesThatAreNotWhatTheySayAreRefused() async throws {
        try await withHub { hub in
            let channel = try ChannelName("news")
            let bad = try Message(data: ByteBuffer(string: "{"), contentType: .json)
            let error = #expect(throws: ApusError.self) { try hub.publish(bad, to: channel) }
            #expect(error?.code == .invalidMessage)
            let large = try Message(data: ByteBuffer(repeating: 0, count: (1 << 20) + 1), contentType: .binary)
            #expect(throws: ApusError.self) { try hub.publish(large, to: channel) }
        }
    }

    @Test func moreChannelsThanAllowedAreRefused() async throws {
        var configuration = HubConfiguration()
        configuration.maximumChannels = 2
        try await withHub(configuration) { hub in
            try hub.publish(message("1"), to: ChannelName("a"))
            try hub.publish(message("1"), to: ChannelName("b"))
            let error = #expect(throws: ApusError.self) { try hub.publish(message("1"), to: ChannelName("c")) }
            #expect(error?.code == .tooManyChannels)
            try hub.publish(message("2"), to: ChannelName("a"))
            #expect(hub.channelCount == 2)
        }
    }
}
