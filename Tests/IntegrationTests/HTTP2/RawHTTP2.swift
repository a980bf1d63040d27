import ApusTestSupport

/// A frame as it stands on the wire (RFC 9113 §4.1).
struct RawFrame: Hashable, Sendable {
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case priority = 2
        case reset = 3
        case settings = 4
        case pushPromise = 5
        case ping = 6
        case goAway = 7
        case windowUpdate = 8
        case continuation = 9
    }

    var kind: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = []) {
        self.init(kind: kind.rawValue, flags: flags, stream: stream, payload: payload)
    }

    init(kind: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8]) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    var bytes: [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), kind, flags]
            + Self.integer(stream) + payload
    }

    /// The error code of a GOAWAY or RST_STREAM.
    var errorCode: UInt32? {
        let code = kind == Kind.goAway.rawValue ? payload.dropFirst(4).prefix(4) : payload.prefix(4)
        return code.count == 4 ? code.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }

    static func integer(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24 & 0xFF), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    /// `GET` of a path, without Huffman coding and without the dynamic table (RFC 7541 §6.2.2).
    static func get(_ path: String, authority: String, stream: UInt32, endStream: Bool = true) -> RawFrame {
        let block: [UInt8] = [0x82, 0x86] + literal(4, path) + literal(1, authority)
        return RawFrame(.headers, flags: endStream ? 5 : 4, stream: stream, payload: block)
    }

    /// A field whose name has an index (RFC 7541 §6.2.2); for values of up to 126 bytes.
    static func literal(_ index: UInt8, _ value: String) -> [UInt8] {
        [index, UInt8(value.utf8.count)] + Array(value.utf8)
    }

    /// A field with a name of its own, for texts of up to 126 bytes.
    static func literal(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }
}

/// A connection on which a test says frames, however wrong, and sees those that come back.
struct RawHTTP2 {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    static let enhanceYourCalm: UInt32 = 11

    let socket: RawSocket

    init(port: Int) async throws {
        socket = try await RawSocket.connect(port: port)
        try await socket.write(Self.preface + RawFrame(.settings).bytes)
    }

    func send(_ frames: RawFrame...) async throws { try await send(frames) }

    func send(_ frames: [RawFrame]) async throws {
        // The server may have closed before it has read all of it.
        try? await socket.write(frames.flatMap(\.bytes))
    }

    func next() async throws -> RawFrame {
        let head = try await socket.read(9)
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        let stream = head[5...8].reduce(0) { $0 << 8 | UInt32($1) }
        return RawFrame(
            kind: head[3],
            flags: head[4],
            stream: stream,
            payload: count == 0 ? [] : try await socket.read(count)
        )
    }

    /// The next frame of a kind; others are passed over.
    func next(_ kind: RawFrame.Kind) async throws -> RawFrame {
        while true {
            let frame = try await next()
            if frame.kind == kind.rawValue { return frame }
        }
    }

    /// Why the server ends the connection: its GOAWAY's code, after which nothing but the end may come. Nil if it says nothing.
    func end() async throws -> UInt32? {
        var code: UInt32?
        while let frame = try await nextUnlessClosed() {
            if frame.kind == RawFrame.Kind.goAway.rawValue { code = frame.errorCode }
        }
        return code
    }

    /// The next frame; nil at the end of the connection.
    func nextUnlessClosed() async throws -> RawFrame? {
        do {
            return try await next()
        } catch is ConnectionEnded {
            return nil
        }
    }
}
