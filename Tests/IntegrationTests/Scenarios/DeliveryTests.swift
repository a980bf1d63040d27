import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

/// What is published comes out as it went in, on every transport.
@Suite("Scenario: delivery")
struct DeliveryTests {
    /// A message as a publisher sends it.
    struct Sample: Sendable {
        var name: String
        var type: String
        var data: [UInt8]
        var event: String?
        var id: String?

        init(_ name: String, _ type: String, _ data: some Sequence<UInt8>, event: String? = nil, id: String? = nil) {
            self.name = name
            self.type = type
            self.data = Array(data)
            self.event = event
            self.id = id
        }

        /// The media type as the server tells it.
        var fields: [String] {
            ["Content-Type: \(type)"] + (event.map { ["Apus-Event: \($0)"] } ?? [])
                + (id.map { ["Idempotency-Key: \"\($0)\""] } ?? [])
        }

        static let all: [Sample] = {
            var random = SeededGenerator(seed: 1)
            let image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + random.bytes(count: 5_000...5_000)
            return [
                Sample("text", "text/plain;charset=utf-8", "hello".utf8),
                Sample("json", "application/json", #"{"a":[1,2.5e3,null,true],"b":{"c":"d"}}"#.utf8),
                Sample("image", "image/png", image),
                Sample("every byte", "application/octet-stream", (0...255).map { UInt8($0) }),
                Sample("empty text", "text/plain;charset=utf-8", []),
                Sample("empty binary", "application/octet-stream", []),
                Sample("unicode", "text/plain;charset=utf-8", "Grüße, 世界 👩‍👩‍👧 \u{2028} <script>\"'\\\u{7F}".utf8),
                Sample("lines", "text/plain;charset=utf-8", "one\ntwo\n\nfour\n".utf8),
                Sample("script's end", "application/json", #""</script><!--<script>""#.utf8),
                Sample("named", "text/plain;charset=utf-8", "with a name".utf8, event: "price", id: "m-1"),
                Sample(
                    "large",
                    "text/plain;charset=utf-8",
                    String(repeating: "0123456789abcde\n", count: 1 << 16).utf8
                ),
            ]
        }()
    }

    @Test("a message arrives with equal bytes, name and id", arguments: TestTransport.allCases)
    func delivers(_ transport: TestTransport) async throws {
        try await withServer({ $0.hub.retention.bytes = 16 << 20 }) { server in
            let subscriber = try await transport.connect(port: server.port, since: "now")
            let publisher = try await HTTPClient(port: server.port)
            if transport != .poll { try await server.waitForSubscribers(1) }
            for sample in Sample.all {
                let answer = try await publisher.request(
                    "POST",
                    "/channels/news",
                    sample.fields,
                    body: sample.data
                )
                #expect(answer.status == 201, "\(sample.name): \(answer.text)")
                let received = try await subscriber.message()
                // Inside a script, JSON has these as escapes, which mean the same.
                let text = received.text.replacing("\\u003c", with: "<").replacing("\\u003e", with: ">")
                let data = transport == .iframe && sample.type == "application/json" ? Array(text.utf8) : received.data
                #expect(data == sample.data, "\(sample.name) on \(transport)")
                guard transport != .rawWebSocket else { continue }
                #expect(received.event == sample.event)
                #expect(answer.text.contains("\"cursor\":\"\(received.cursor ?? "none")\""), "\(answer.text)")
                guard transport.tellsMetadata else { continue }
                #expect(received.id == sample.id)
                #expect(received.type == sample.type)
            }
        }
    }

    @Test(
        "a thousand messages of four publishers arrive once each, in the log's order",
        arguments: TestTransport.allCases
    )
    func keepsOrder(_ transport: TestTransport) async throws {
        try await withServer { server in
            let subscriber = try await transport.connect(port: server.port, since: "now")
            if transport != .poll { try await server.waitForSubscribers(1) }
            let publishers = Task {
                try await withThrowingTaskGroup(of: [(UInt64, String)].self) { group in
                    for number in 0..<4 {
                        group.addTask { try await Self.publish(250, as: number, to: server) }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
            }
            let received = try await subscriber.messages(1_000)
            let log = try await publishers.value.sorted { $0.0 < $1.0 }
            #expect(log.map(\.0) == Array(1...1_000))
            #expect(received.map(\.text) == log.map(\.1))
        }
    }

    /// Half of the publishers come over the network, half from within the program.
    private static func publish(_ count: Int, as number: Int, to server: Server) async throws -> [(UInt64, String)] {
        var published: [(UInt64, String)] = []
        let client = number.isMultiple(of: 2) ? try await HTTPClient(port: server.port) : nil
        for index in 0..<count {
            let text = "\(number)/\(index)"
            if let client {
                let answer = try await client.request(
                    "POST",
                    "/channels/news",
                    ["Content-Type: text/plain"],
                    body: Array(text.utf8)
                )
                let offset = answer.text.split(separator: "\"offset\":").last?.prefix { $0.isNumber }
                published.append((try #require(offset.flatMap { UInt64($0) }), text))
            } else {
                published.append((try server.publish(text).position.offset, text))
                await Task.yield()
            }
        }
        return published
    }
}
