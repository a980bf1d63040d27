package import NIOCore

/// Reads an event stream as it arrives (HTML §9.2.5 and §9.2.6).
///
/// An event that the stream's end cuts off is discarded, as the standard has it: there is nothing to call at the end.
package struct EventStreamParser: Sendable {
    /// The longest line, in bytes.
    package let maximumLineBytes: Int
    /// The most data of one event, in bytes.
    package let maximumEventBytes: Int

    /// The last event ID string (HTML §9.2.6): what a reconnect sends; empty when the stream gave none.
    package private(set) var lastEventID: String
    /// How long to wait before a reconnect, in milliseconds; nil until the stream says so.
    package private(set) var retryMilliseconds: Int64?

    private var state = State.start
    /// The beginning of a line whose end has not arrived.
    private var partialLine = ByteBuffer()
    /// The event's data, a line feed after each line.
    private var data = ByteBuffer()
    private var eventType = ""
    /// The last event ID buffer: it becomes `lastEventID` when the event ends.
    private var lastEventIDBuffer: String

    private enum State: Hashable {
        /// In the first line, which may begin with a byte order mark.
        case start
        /// In a later line.
        case line
        /// Behind a CR that has ended a line: a LF that follows belongs to it.
        case afterCarriageReturn
        /// A limit was passed.
        case failed(EventStreamError)
    }

    /// - Parameters:
    ///   - lastEventID: What the stream before a reconnect left.
    ///   - maximumLineBytes: The longest line, in bytes.
    ///   - maximumEventBytes: The most data of one event, in bytes.
    package init(lastEventID: String = "", maximumLineBytes: Int = 16 << 20, maximumEventBytes: Int = 16 << 20) {
        self.lastEventID = lastEventID
        lastEventIDBuffer = lastEventID
        self.maximumLineBytes = maximumLineBytes
        self.maximumEventBytes = maximumEventBytes
    }

    /// Takes the next bytes and gives the events that they complete.
    ///
    /// - Throws: When a limit is passed, and ever after; events that were complete before in the same bytes are lost.
    package mutating func read(_ bytes: ByteBuffer) throws(EventStreamError) -> [ServerSentEvent] {
        if case .failed(let error) = state { throw error }
        do throws(EventStreamError) {
            return try split(bytes)
        } catch {
            state = .failed(error)
            partialLine = ByteBuffer()
            data = ByteBuffer()
            throw error
        }
    }

    // MARK: - Lines

    private mutating func split(_ bytes: ByteBuffer) throws(EventStreamError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = bytes
        while rest.readableBytes > 0 {
            if state == .afterCarriageReturn {
                state = .line
                if rest.getInteger(at: rest.readerIndex, as: UInt8.self) == 0x0A {
                    rest.moveReaderIndex(forwardBy: 1)
                    continue
                }
            }
            let view = rest.readableBytesView
            guard let end = view.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                try checkLine(partialLine.readableBytes + rest.readableBytes)
                partialLine.writeBuffer(&rest)
                break
            }
            let isCarriageReturn = view[end] == 0x0D
            let length = end - view.startIndex
            try checkLine(partialLine.readableBytes + length)
            var line = rest.readSlice(length: length) ?? ByteBuffer()
            rest.moveReaderIndex(forwardBy: 1)
            if partialLine.readableBytes > 0 {
                partialLine.writeBuffer(&line)
                line = partialLine
                partialLine = ByteBuffer()
            }
            if state == .start { Self.skipByteOrderMark(in: &line) }
            state = isCarriageReturn ? .afterCarriageReturn : .line
            if line.readableBytes == 0 {
                if let event = dispatch() { events.append(event) }
            } else {
                try take(line)
            }
        }
        return events
    }

    private func checkLine(_ bytes: Int) throws(EventStreamError) {
        guard bytes <= maximumLineBytes else { throw .lineTooLong(limit: maximumLineBytes) }
    }

    private static func skipByteOrderMark(in line: inout ByteBuffer) {
        if line.readableBytesView.starts(with: [0xEF, 0xBB, 0xBF]) { line.moveReaderIndex(forwardBy: 3) }
    }

    // MARK: - Fields (HTML §9.2.6)

    private mutating func take(_ line: ByteBuffer) throws(EventStreamError) {
        let bytes = line.readableBytesView
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        guard colon > bytes.startIndex else { return }  // a comment
        var value = bytes[min(colon + 1, bytes.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let name = bytes[..<colon]
        if name.elementsEqual("data".utf8) {
            guard data.readableBytes + value.count <= maximumEventBytes else {
                throw .eventTooLarge(limit: maximumEventBytes)
            }
            data.writeBytes(value)
            data.writeInteger(UInt8(ascii: "\n"))
        } else if name.elementsEqual("event".utf8) {
            eventType = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual("id".utf8) {
            if !value.contains(0) { lastEventIDBuffer = String(decoding: value, as: UTF8.self) }
        } else if name.elementsEqual("retry".utf8) {
            // What 64 bits don't hold is no time that anyone would wait, and is passed over as a field that is none.
            if !value.isEmpty, value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let milliseconds = Int64(String(decoding: value, as: UTF8.self))
            {
                retryMilliseconds = milliseconds
            }
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        lastEventID = lastEventIDBuffer
        defer {
            data = ByteBuffer()
            eventType = ""
        }
        guard data.readableBytes > 0 else { return nil }
        data.moveWriterIndex(to: data.writerIndex - 1)
        return ServerSentEvent(
            type: eventType.isEmpty ? "message" : eventType,
            data: Self.repaired(data),
            lastEventID: lastEventID
        )
    }

    /// U+FFFD for what is no UTF-8, as the Encoding Standard's decoder does. Lines can be repaired one by one or together,
    /// since no line break is part of a longer sequence.
    private static func repaired(_ data: ByteBuffer) -> ByteBuffer {
        if data.withUnsafeReadableBytes({ UTF8Sequence.isValid($0) }) { return data }
        return ByteBuffer(string: String(buffer: data))
    }
}
