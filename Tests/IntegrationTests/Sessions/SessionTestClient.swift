import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// The transports on which a client can also send.
enum SessionTestTransport: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case webSocket = "/connection/websocket"
    case httpStream = "/connection/http_stream"
    case eventStream = "/connection/sse"
    case iframe = "/connection/iframe"
    case longPoll = "/connection/long_poll"
    case poll = "/connection/poll"

    var testDescription: String { rawValue }
}

/// A client of the session protocol, whatever the transport; it reads what the server wrote with code of its own. One task uses
/// it at a time.
actor SessionTestClient {
    private enum Way {
        case webSocket(WebSocketClient)
        case stream(RawSocket, upstream: HTTPClient)
        case poll(HTTPClient)
    }

    private let way: Way
    private let transport: SessionTestTransport
    private var lines: [String] = []
    private var rest = ""
    private var lastID = 1
    private(set) var session = ""
    private(set) var node = ""
    private(set) var client = ""

    /// Connects, and sends further commands along where the transport takes them with the first words.
    init(port: Int, _ transport: SessionTestTransport, connect: String = "{}", deflate: Bool = false) async throws {
        self.transport = transport
        let command = #"{"id":1,"connect":\#(connect)}"#
        switch transport {
        case .webSocket:
            let socket = try await WebSocketClient(
                SubscriberRequest(port: port),
                path: transport.rawValue,
                offersDeflate: deflate
            )
            try await socket.send(command)
            way = .webSocket(socket)
        case .httpStream, .eventStream, .iframe:
            let socket = try await RawSocket.connect(port: port)
            let path = transport.rawValue
            if transport == .httpStream {
                try await socket.write(
                    "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: \(command.utf8.count)\r\n\r\n\(command)"
                )
            } else {
                let query = command.utf8.map { byte in
                    let digits = String(byte, radix: 16)
                    return "%" + (digits.count == 1 ? "0" : "") + digits
                }.joined()
                try await socket.write("GET \(path)?cf_connect=\(query) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
            }
            let head = try await socket.readResponseHead(within: .seconds(30))
            guard head.status == 200 else { throw UnexpectedStatus(head) }
            way = .stream(socket, upstream: try await HTTPClient(port: port))
        case .longPoll, .poll:
            let connection = try await HTTPClient(port: port)
            let answer = try await connection.request("POST", transport.rawValue, body: Array(command.utf8))
            lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
            way = .poll(connection)
        }
        let reply = try await nextLine()
        guard let result = try Self.members(reply)["connect"]?.members() else {
            throw WireViolation(reason: "not connected", text: reply)
        }
        session = result["session"]?.string ?? ""
        node = result["node"]?.string ?? ""
        client = result["client"]?.string ?? ""
    }

    static func members(_ line: String) throws -> [JSONMember] {
        try JSONScanner.members(of: ByteBuffer(string: line))
    }

    // MARK: Sending

    /// Sends commands, one a line.
    func send(_ commands: String) async throws {
        switch way {
        case .webSocket(let socket): try await socket.send(commands)
        case .stream(_, let upstream):
            let answer = try await upstream.request("POST", "/emulation", body: upstreamBody(commands))
            guard answer.status == 204 else { throw UnexpectedStatus(answer) }
        case .poll: try await poll(commands)
        }
    }

    private func upstreamBody(_ commands: String) -> [UInt8] {
        var body = ByteBuffer(string: "{\"session\":\"\(session)\",\"node\":\"\(node)\",\"data\":")
        JSONText.append(commands, to: &body)
        body.writeString("}")
        return Array(body.readableBytesView)
    }

    private func poll(_ commands: String) async throws {
        guard case .poll(let connection) = way else { return }
        let answer = try await connection.request("POST", transport.rawValue, body: upstreamBody(commands))
        guard answer.status == 200 else { throw UnexpectedStatus(answer) }
        lines += String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Sends a command and gives its reply; pushes before it are kept in their order.
    func command(_ body: String) async throws -> [JSONMember] {
        lastID += 1
        let id = Int64(lastID)
        try await send("{\"id\":\(id),\(body)}")
        var passed: [String] = []
        while true {
            let line = try await nextLine()
            let members = try Self.members(line)
            if members["id"]?.integer == id {
                lines = passed + lines
                return members
            }
            passed.append(line)
        }
    }

    /// The next push's channel and publication.
    func publication() async throws -> (channel: String, offset: Int64, data: String) {
        while true {
            let line = try await nextLine()
            guard let push = try Self.members(line)["push"]?.members(), let pub = try push["pub"]?.members() else {
                continue
            }
            return (
                push["channel"]?.string ?? "", pub["offset"]?.integer ?? -1,
                pub["data"].map { String(buffer: $0.raw) } ?? ""
            )
        }
    }

    // MARK: Receiving

    /// The next object but pings.
    func nextLine() async throws -> String {
        while true {
            while !lines.isEmpty {
                let line = lines.removeFirst()
                if line != "{}" { return line }
            }
            try Task.checkCancellation()
            switch way {
            case .webSocket(let socket):
                switch try await socket.nextMessage() {
                case .text(let text): lines += text.split(separator: "\n").map(String.init)
                case .closed(let code, _): throw SessionClosed(code: code)
                case let other: throw WireViolation(reason: "no text", text: "\(other)")
                }
            case .stream(let socket, _):
                let chunk = try await socket.readChunk(within: .seconds(30))
                guard !chunk.isEmpty else { throw SessionClosed(code: nil) }
                rest += String(decoding: chunk, as: UTF8.self)
                try takeObjects()
            case .poll:
                try await poll("")
                await Task.yield()
            }
        }
    }

    private func takeObjects() throws {
        while let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = String(rest[rest.utf8.index(after: end)...])
            switch transport {
            case .eventStream: if line.hasPrefix("data: ") { lines.append(String(line.dropFirst(6))) }
            case .iframe:
                let (start, finish) = ("<script>parent.onmessage(", ")</script>")
                guard line.hasPrefix(start), line.hasSuffix(finish) else { continue }
                let text = ByteBuffer(string: String(line.dropFirst(start.count).dropLast(finish.count)))
                lines.append(try JSONScanner.value(of: text).string ?? "")
            case .webSocket, .httpStream, .longPoll, .poll: if !line.isEmpty { lines.append(String(line)) }
            }
        }
    }

    /// Ends the connection as a client does that dies.
    func cut() async throws {
        switch way {
        case .webSocket(let socket): try await socket.reset()
        case .stream(let socket, let upstream):
            try await socket.reset()
            try await upstream.close()
        case .poll(let connection): try await connection.close()
        }
    }
}

/// The server has ended the session.
struct SessionClosed: Error, Equatable {
    /// The close frame's code; nil where a stream just ended.
    let code: UInt16?
}
