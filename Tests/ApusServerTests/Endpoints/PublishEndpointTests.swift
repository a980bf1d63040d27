import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import NIOCore
import Testing

@Suite struct PublishEndpointTests {
    private static let forms = #"[{"data":1},{"data":2}]"#

    @Test(arguments: [
        ("?event=price", ""), ("?id=m-1", ""), ("", "Apus-Event: price\r\n"), ("", "Idempotency-Key: m\r\n"),
    ])
    func `an array with an event or an id in its head is refused, and nothing is published`(
        query: String,
        field: String
    ) async throws {
        let answer = try await publish(query: query, field: field)
        #expect(answer.text.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.text.contains(#""code":"invalid-message""#))
        #expect(answer.messages == 0)
    }

    @Test func `an array without them is published`() async throws {
        let answer = try await publish(query: "", field: "")
        #expect(answer.text.hasPrefix("HTTP/1.1 201 "))
        #expect(answer.messages == 2)
    }

    private func publish(query: String, field: String) async throws -> (text: String, messages: Int) {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = try await Server.start(configuration)
        let socket = try await RawSocket.connect(port: try #require(server.address.port))
        try await socket.write(
            """
            POST /channels/news\(query) HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/vnd.apus.message+json\r
            Content-Length: \(Self.forms.utf8.count)\r
            \(field)Connection: close\r
            \r
            \(Self.forms)
            """
        )
        let text = String(decoding: try await socket.readToEnd(), as: UTF8.self)
        try await socket.close()
        let messages = try server.hub.status(of: ChannelName("news")).messages
        await server.stop()
        return (text, messages)
    }
}
