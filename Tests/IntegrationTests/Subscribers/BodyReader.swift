import ApusCore
import ApusTestSupport
import ApusWire
import NIOCore

/// What understands the body of one stream transport.
protocol BodyReader: Sendable {
    /// Where the body says to resume before its first message.
    var startCursor: String? { get }
    mutating func read(_ chunk: ByteBuffer) throws -> [Arrival]
}

extension BodyReader {
    var startCursor: String? { nil }
}

/// Lines, and what is left of one.
struct LineReader {
    private var pending = ByteBuffer()

    mutating func read(_ bytes: ByteBuffer) -> [ByteBuffer] {
        pending.discardReadBytes()
        pending.writeImmutableBuffer(bytes)
        var lines: [ByteBuffer] = []
        while let end = pending.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let length = end - pending.readerIndex
            if let line = pending.readSlice(length: length) { lines.append(line) }
            pending.moveReaderIndex(forwardBy: 1)
        }
        return lines
    }
}

/// `application/x-ndjson` (`spec/channels.md` §4.4).
struct NDJSONReader: BodyReader {
    private var lines = LineReader()

    mutating func read(_ chunk: ByteBuffer) throws -> [Arrival] {
        try lines.read(chunk).map { line in
            line.readableBytes == 0 ? .heartbeat : Arrival(try MessageFormParser.item(line))
        }
    }
}

/// The forever frame (`spec/channels.md` §4.3).
struct IframeReader: BodyReader {
    private var lines = LineReader()
    private var preambleBytes = 0
    private var isInPreamble = true

    mutating func read(_ chunk: ByteBuffer) throws -> [Arrival] {
        try lines.read(chunk).compactMap { line in
            var line = line
            if isInPreamble {
                preambleBytes += line.readableBytes + 1
                guard preambleBytes >= 2048 else { return nil }
                isInPreamble = false
                return nil
            }
            if line == ByteBuffer(string: "<!---->") { return .heartbeat }
            guard line.readString(length: 24) == "<script>parent.onmessage", line.readInteger(as: UInt8.self) == 0x28,
                let form = line.readSlice(length: line.readableBytes - 10), line == ByteBuffer(string: ")</script>")
            else { throw WireViolation(reason: "no script", text: String(buffer: line)) }
            return Arrival(try MessageFormParser.item(form))
        }
    }
}

/// Server-Sent Events (`spec/channels.md` §4.5).
struct EventStreamReader: BodyReader {
    private var parser = EventStreamParser()

    var startCursor: String? { parser.lastEventID.isEmpty ? nil : parser.lastEventID }

    mutating func read(_ chunk: ByteBuffer) throws -> [Arrival] {
        if chunk == ByteBuffer(string: ":\n\n") { return [.heartbeat] }
        return try parser.read(chunk).map { event in
            let cursor = event.lastEventID
            if event.type == "gap" {
                return .gap(ReceivedGap(try MessageFormParser.notice(value: event.data, cursor: cursor)))
            }
            if event.text.hasPrefix("{\"cursor\":") { return Arrival(try MessageFormParser.item(event.data)) }
            return .message(
                Received(
                    cursor: cursor,
                    event: event.type == "message" ? nil : event.type,
                    data: Self.data(event)
                )
            )
        }
    }

    /// Binary data comes as a data URL (RFC 2397).
    private static func data(_ event: ServerSentEvent) -> [UInt8] {
        let text = event.text
        guard text.hasPrefix("data:"), let comma = text.firstIndex(of: ","), text[..<comma].hasSuffix(";base64"),
            let bytes = Base64.decode(ByteBuffer(substring: text[comma...].dropFirst()))
        else { return Array(event.data.readableBytesView) }
        return Array(bytes.readableBytesView)
    }
}

/// `multipart/mixed` (`spec/channels.md` §4.4).
struct MultipartReader: BodyReader {
    private var parser: MultipartParser

    init(head: HTTPResponseText) throws {
        let mark = "multipart/mixed; boundary="
        guard let type = head["Content-Type"], type.hasPrefix(mark) else {
            throw WireViolation(reason: "no boundary", text: head["Content-Type"] ?? "")
        }
        parser = MultipartParser(boundary: String(type.dropFirst(mark.count)))
    }

    mutating func read(_ chunk: ByteBuffer) throws -> [Arrival] {
        let parts = try parser.read(chunk)
        if chunk == ByteBuffer(string: "Apus-Heartbeat: 1\r\n") { return [.heartbeat] }
        return try parts.map { part in
            if part.contentType == "application/vnd.apus.gap+json" {
                return .gap(ReceivedGap(try MessageFormParser.notice(value: part.body, cursor: part.cursor ?? "")))
            }
            return .message(
                Received(
                    cursor: part.cursor,
                    channel: part.channel,
                    event: part.event,
                    type: part.contentType,
                    data: Array(part.body.readableBytesView)
                )
            )
        }
    }
}

extension Arrival {
    /// What a JSON form says.
    init(_ item: ReceivedItem) {
        switch item {
        case .gap(let notice): self = .gap(ReceivedGap(notice))
        case .message(let message):
            self = .message(
                Received(
                    cursor: message.cursor,
                    channel: message.channel?.rawValue,
                    event: message.event,
                    id: message.id,
                    type: message.contentType.rawValue,
                    data: Array(message.data.readableBytesView)
                )
            )
        }
    }
}

extension ReceivedGap {
    init(_ notice: GapNotice) {
        self.init(
            reason: notice.gap.reason.rawValue,
            missed: notice.gap.missed,
            channel: notice.channel?.rawValue,
            cursor: notice.cursor
        )
    }
}
