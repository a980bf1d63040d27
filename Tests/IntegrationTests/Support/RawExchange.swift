import ApusServer
import ApusTestSupport
import Testing

/// One connection on which a client says something, and everything that comes back.
struct RawExchange {
    /// The answers, one after another.
    let responses: [HTTPResponseText]
    /// Whether the server ended the connection.
    let isClosed: Bool

    /// Sends bytes, reads up to `count` answers, and the connection's end if there are fewer.
    ///
    /// - Parameter isHead: whether the answer is to `HEAD`.
    static func send(
        _ bytes: [UInt8],
        to server: Server,
        answers count: Int = .max,
        isHead: Bool = false
    ) async throws -> RawExchange {
        let socket = try await RawSocket.connect(port: server.port)
        defer { Task { try? await socket.close() } }
        // The server may have closed before it has read all of it.
        try? await socket.write(bytes)
        var responses: [HTTPResponseText] = []
        while responses.count < count {
            do {
                responses.append(try await socket.readResponse(toHead: isHead, within: .seconds(20)))
            } catch let error as ConnectionEnded where error.observed.isEmpty {
                return RawExchange(responses: responses, isClosed: true)
            }
        }
        return RawExchange(responses: responses, isClosed: false)
    }

    static func send(_ text: String, to server: Server, answers count: Int = .max) async throws -> RawExchange {
        try await send(Array(text.utf8), to: server, answers: count)
    }
}

extension Server {
    /// Publishes and reads as any client does: the server is well.
    func expectAlive(_ sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let client = try await HTTPClient(port: port)
        let published = try await client.request("POST", "/channels/alive", body: Array("well".utf8))
        #expect(published.status == 201, sourceLocation: sourceLocation)
        let read = try await client.request("GET", "/channels/alive")
        #expect(read.status == 200 && read.text.contains("\"data\":\"well\""), sourceLocation: sourceLocation)
        try await client.close()
    }
}

extension HTTPResponseText {
    /// The code of a problem document; nil for anything else.
    var problemCode: String? {
        guard self["Content-Type"] == "application/problem+json" else { return nil }
        guard let range = text.firstRange(of: "\"code\":\"") else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }
}
