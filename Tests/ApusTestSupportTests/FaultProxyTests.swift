import ApusTestSupport
import Testing

@Suite struct FaultProxyTests {
    private func withProxy(_ body: (FaultProxy, EchoServer) async throws -> Void) async throws {
        let server = try await EchoServer.start()
        let proxy = try await FaultProxy.start(to: server.port)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(proxy, server))
        } catch {
            outcome = .failure(error)
        }
        try await proxy.close()
        try await server.close()
        try outcome.get()
    }

    @Test func bytesPassBothWays() async throws {
        try await withProxy { proxy, _ in
            let socket = try await RawSocket.connect(port: proxy.port)
            try await proxy.accepted.next("the connection")
            var generator = SeededGenerator(seed: 7)
            let bytes = generator.bytes(count: 1_000_000...1_000_000).map { $0 & 0x7F }
            async let echo = socket.read(bytes.count)
            try await socket.write(bytes)
            #expect(try await echo == bytes)
            #expect(proxy.connectionCount == 1)
            try await socket.close()
        }
    }

    @Test func theEndOfOneHalfPassesToo() async throws {
        try await withProxy { proxy, server in
            let socket = try await RawSocket.connect(port: proxy.port)
            try await socket.write("hello")
            #expect(try await socket.read(5) == Array("hello".utf8))
            try await socket.finishWriting()
            #expect(try await server.seen.next(2).last == .inputClosed)
            #expect(try await socket.readToEnd() == Array("bye".utf8))
            try await socket.close()
        }
    }

    @Test func aCutBreaksBothSides() async throws {
        try await withProxy { proxy, server in
            let socket = try await RawSocket.connect(port: proxy.port)
            try await socket.write("hello")
            #expect(try await socket.read(5) == Array("hello".utf8))
            try await proxy.cut()
            #expect(try await socket.readToEnd().isEmpty)
            #expect(try await server.seen.first { $0 != .text("hello") } == .failed)
            let again = try await RawSocket.connect(port: proxy.port)
            try await again.write("again")
            #expect(try await again.read(5) == Array("again".utf8))
            try await again.close()
            try await socket.close()
        }
    }

    @Test func aFrozenNetworkHoldsEverythingBackUntilItThaws() async throws {
        try await withProxy { proxy, server in
            let socket = try await RawSocket.connect(port: proxy.port)
            try await socket.write("before")
            #expect(try await socket.read(6) == Array("before".utf8))
            proxy.freeze()
            try await socket.write("1")
            await #expect(throws: DeadlineExceeded.self) { try await socket.read(1, within: .milliseconds(50)) }
            try await socket.write("2")
            try await socket.finishWriting()
            try await proxy.thaw()
            let rest = String(decoding: try await socket.readToEnd(), as: UTF8.self)
            #expect(rest == "12bye", "the server saw \(server.seen.waiting)")
            try await socket.close()
        }
    }

    @Test func aRefusedConnectionEndsAndOthersStand() async throws {
        try await withProxy { proxy, _ in
            let standing = try await RawSocket.connect(port: proxy.port)
            try await standing.write("a")
            #expect(try await standing.read(1) == Array("a".utf8))
            proxy.setRefusing(true)
            let refused = try await RawSocket.connect(port: proxy.port)
            #expect(try await refused.readToEnd().isEmpty)
            try await standing.write("b")
            #expect(try await standing.read(1) == Array("b".utf8))
            proxy.setRefusing(false)
            try await refused.close()
            try await standing.close()
        }
    }
}
