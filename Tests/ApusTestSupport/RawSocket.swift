import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP client for tests that says exactly what it is told to, however wrong, and shows exactly what comes back.
///
/// One task reads at a time. Every read has a deadline, and its error shows what had arrived.
package actor RawSocket {
    private let channel: any NIOCore.Channel
    private let reads: EventBox<[UInt8]>
    /// What has arrived and was not yet asked for.
    private var unread: [UInt8] = []

    private init(channel: any NIOCore.Channel, reads: EventBox<[UInt8]>) {
        self.channel = channel
        self.reads = reads
    }

    /// Connects to a port on this machine.
    ///
    /// With `receiveBufferBytes` the kernel's buffer is that small (it takes twice the number, at least about 2 KiB), so
    /// that a client which ``pauseReading()``s is soon felt by the server.
    package static func connect(
        port: Int,
        host: String = "127.0.0.1",
        receiveBufferBytes: Int? = nil
    ) async throws -> RawSocket {
        let reads = EventBox<[UInt8]>()
        let channel = try await withDeadline("a connection to \(host):\(port)") {
            var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ByteCollector(reads: reads))
                    }
                }
            if let receiveBufferBytes {
                bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBufferBytes))
            }
            return try await bootstrap.connect(host: host, port: port).get()
        }
        return RawSocket(channel: channel, reads: reads)
    }

    // MARK: Writing

    /// Sends bytes; returns when the kernel has them all.
    package func write(_ bytes: some Sequence<UInt8> & Sendable, within duration: Duration = .seconds(10)) async throws
    {
        let channel = channel
        let buffer = ByteBuffer(bytes: bytes)
        try await withDeadline("\(buffer.readableBytes) bytes to be written", within: duration) {
            try await channel.writeAndFlush(buffer).get()
        }
    }

    /// Sends text as it stands: line ends are the caller's business.
    package func write(_ text: String, within duration: Duration = .seconds(10)) async throws {
        try await write(Array(text.utf8), within: duration)
    }

    /// Ends our half of the connection (FIN) and goes on reading.
    package func finishWriting() async throws {
        try await channel.close(mode: .output).get()
    }

    // MARK: Reading

    /// Exactly so many bytes.
    package func read(_ count: Int, within duration: Duration = .seconds(10)) async throws -> [UInt8] {
        try await take("\(count) bytes", within: duration) { bytes, _ in bytes.count >= count ? count : nil }
    }

    /// Everything up to and including the mark, as text (bytes that are not UTF-8 are replaced).
    package func readUntil(_ mark: String, within duration: Duration = .seconds(10)) async throws -> String {
        let sought = Array(mark.utf8)
        let bytes = try await take("\(mark.debugDescription)", within: duration) { bytes, _ in
            bytes.firstRange(of: sought)?.upperBound
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What has arrived and was not yet asked for, as soon as there is something; empty at the end of the connection.
    package func readSome(within duration: Duration = .seconds(10)) async throws -> [UInt8] {
        try await take("bytes", within: duration) { bytes, isEnd in bytes.isEmpty && !isEnd ? nil : bytes.count }
    }

    /// Everything until the server ends its half of the connection.
    package func readToEnd(within duration: Duration = .seconds(10)) async throws -> [UInt8] {
        try await take("the end of the connection", within: duration) { bytes, isEnd in isEnd ? bytes.count : nil }
    }

    /// One HTTP/1.1 response, head and body; what follows it stays unread.
    ///
    /// A response to `HEAD` has no body whatever its fields say (RFC 9112 §6.3).
    package func readResponse(
        toHead: Bool = false,
        within duration: Duration = .seconds(10)
    ) async throws -> HTTPResponseText {
        let bytes = try await take("a whole HTTP response", within: duration) { bytes, isEnd in
            try HTTPResponseText.parse(bytes, toHead: toHead, isEnd: isEnd)?.consumed
        }
        // What was complete once is complete again.
        guard let whole = try HTTPResponseText.parse(bytes, toHead: toHead, isEnd: true) else {
            throw HTTPResponseText.Malformed(reason: "incomplete", text: String(decoding: bytes, as: UTF8.self))
        }
        return whole.response
    }

    /// The head of an HTTP/1.1 response; its body, which may never end, stays unread.
    package func readResponseHead(within duration: Duration = .seconds(10)) async throws -> HTTPResponseText {
        try HTTPResponseText(head: await readUntil("\r\n\r\n", within: duration))
    }

    /// The next chunk's data of a chunked body (RFC 9112 §7.1); empty for the last chunk.
    package func readChunk(within duration: Duration = .seconds(10)) async throws -> [UInt8] {
        let bytes = try await take("a chunk", within: duration) { bytes, _ in
            try ChunkedText.firstChunk(of: bytes[...])?.consumed
        }
        return try ChunkedText.firstChunk(of: bytes[...])?.data ?? []
    }

    // MARK: Misbehaving

    /// Stops reading, as a slow client does: the kernel's buffers fill up. What is on its way may still arrive.
    package func pauseReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Reads again.
    package func resumeReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    /// Ends the connection with a reset (RST), as a client does that dies.
    package func reset() async throws {
        // Lingering for no time at all makes the kernel drop what is unsent and say so.
        do {
            try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        } catch  where !channel.isActive {
            // The server was faster.
        }
        try await close()
    }

    /// Ends both halves. Closing twice is no error.
    package func close() async throws {
        do {
            try await channel.close().get()
        } catch ChannelError.alreadyClosed {}
    }

    private func take(
        _ awaited: String,
        within duration: Duration,
        until complete: (_ bytes: [UInt8], _ isEnd: Bool) throws -> Int?
    ) async throws -> [UInt8] {
        let end = ContinuousClock.now + duration
        var isEnd = false
        while true {
            if let count = try complete(unread, isEnd) {
                defer { unread.removeFirst(count) }
                return Array(unread.prefix(count))
            }
            let observed = String(decoding: unread, as: UTF8.self)
            guard !isEnd else { throw ConnectionEnded(awaited: awaited, observed: observed) }
            do {
                unread += try await reads.next("bytes", within: end - .now)
            } catch is EventBoxFinished {
                isEnd = true
            } catch is DeadlineExceeded {
                throw DeadlineExceeded(
                    awaited: awaited,
                    duration: duration,
                    observed: "there was: \(observed.debugDescription)"
                )
            }
        }
    }
}

/// The connection was over before something arrived that a test waits for.
package struct ConnectionEnded: Error, CustomStringConvertible {
    package let awaited: String
    /// What had arrived, as text.
    package let observed: String

    package var description: String {
        "the connection ended before \(awaited); there was: \(observed.debugDescription)"
    }
}
