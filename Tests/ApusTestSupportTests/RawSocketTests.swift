import ApusTestSupport
import Testing

@Suite struct RawSocketTests {
    private func withEcho(_ body: (RawSocket, EventBox<EchoServer.Seen>) async throws -> Void) async throws {
        let server = try await EchoServer.start()
        let socket = try await RawSocket.connect(port: server.port)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(socket, server.seen))
        } catch {
            outcome = .failure(error)
        }
        try await socket.close()
        try await server.close()
        try outcome.get()
    }

    @Test func readsUpToAMarkAndKeepsTheRest() async throws {
        try await withEcho { socket, _ in
            try await socket.write("one\r\ntwo\r\nthree")
            #expect(try await socket.readUntil("\r\n") == "one\r\n")
            #expect(try await socket.read(3) == Array("two".utf8))
            #expect(try await socket.readUntil("three") == "\r\nthree")
        }
    }

    @Test func aDeadlineShowsWhatHadArrived() async throws {
        try await withEcho { socket, _ in
            try await socket.write("half")
            #expect(try await socket.readUntil("ha") == "ha")
            let error = await #expect(throws: DeadlineExceeded.self) {
                try await socket.readUntil("\n", within: .milliseconds(20))
            }
            #expect(error?.observed.contains("lf") == true)
            try await socket.write("\n")
            #expect(try await socket.readUntil("\n") == "lf\n")
        }
    }

    @Test func theEndOfTheConnectionIsSeen() async throws {
        try await withEcho { socket, _ in
            try await socket.write("the end\n")
            #expect(try await socket.readToEnd() == Array("the end\n".utf8))
            await #expect(throws: ConnectionEnded.self) { try await socket.readUntil("more") }
        }
    }

    @Test func halfAConnectionCanStillRead() async throws {
        try await withEcho { socket, seen in
            try await socket.finishWriting()
            #expect(try await seen.next() == .inputClosed)
            #expect(try await socket.readToEnd() == Array("bye".utf8))
        }
    }

    @Test func aResetIsAnErrorForTheServer() async throws {
        try await withEcho { socket, seen in
            try await socket.write("hello\n")
            #expect(try await seen.next() == .text("hello\n"))
            try await socket.reset()
            #expect(try await seen.first { $0 == .failed || $0 == .inputClosed } == .failed)
        }
    }

    @Test func responsesAndChunksAreReadOneByOne() async throws {
        try await withEcho { socket, _ in
            try await socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            try await socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            #expect(try await socket.readResponse().text == "hi")
            #expect(try await socket.readResponseHead()["transfer-encoding"] == "chunked")
            #expect(try await socket.readChunk() == Array("abc".utf8))
            #expect(try await socket.readChunk().isEmpty)
        }
    }
}
