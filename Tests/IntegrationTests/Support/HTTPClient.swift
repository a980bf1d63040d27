import ApusTestSupport
import NIOCore

/// Requests one after another on one connection, written out by hand.
actor HTTPClient {
    private let socket: RawSocket
    private let port: Int

    init(port: Int) async throws {
        self.port = port
        socket = try await RawSocket.connect(port: port)
    }

    /// Sends a request with its own `Host` and reads the answer.
    func request(
        _ method: String,
        _ path: String,
        _ fields: [String] = [],
        body: [UInt8]? = nil,
        within duration: Duration = .seconds(30)
    ) async throws -> HTTPResponseText {
        var head = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields
        if let body { head.append("Content-Length: \(body.count)") }
        let bytes = Array((head.map { $0 + "\r\n" }.joined() + "\r\n").utf8) + (body ?? [])
        try await socket.write(bytes, within: duration)
        return try await socket.readResponse(toHead: method == "HEAD", within: duration)
    }

    func close() async throws { try await socket.close() }

    /// One request on a connection of its own.
    static func once(
        port: Int,
        _ method: String,
        _ path: String,
        _ fields: [String] = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPResponseText {
        let client = try await HTTPClient(port: port)
        let answer = try await client.request(method, path, fields, body: body)
        try await client.close()
        return answer
    }
}
