import ApusCore
import ApusHub
import ApusWire
import NIOCore

/// A framing that tests can read: a line for each message or gap.
struct LineFraming: StreamFraming {
    func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {
        buffer.writeString("from \(cursor)\n")
    }

    func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        let channel = delivery.channel.map { "\($0) " } ?? ""
        buffer.writeString("\(delivery.cursor) \(channel)\(String(buffer: delivery.publication.message.data))\n")
    }

    func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        buffer.writeString(
            "\(notice.cursor) gap \(notice.gap.reason.rawValue) \(notice.gap.missed.map { "\($0)" } ?? "-")\n"
        )
    }

    func appendHeartbeat(to buffer: inout ByteBuffer) {
        buffer.writeString("beat\n")
    }
}

/// An outbox that keeps what it is sent, and is full when the test says so.
final class RecordingOutbox: Outbox {
    private(set) var slices: [ByteBuffer] = []
    private(set) var end: StreamEnd?
    /// After how many further slices it is full; nil for never.
    var roomFor: Int?
    private(set) var isFull = false
    var onSend: (() -> Void)?

    func send(_ bytes: ByteBuffer) -> OutboxState {
        precondition(!isFull, "something was sent to a full outbox")
        slices.append(bytes)
        onSend?()
        if let room = roomFor {
            roomFor = room - 1
            isFull = room <= 1
        }
        return isFull ? .full : .ready
    }

    func end(_ reason: StreamEnd) {
        end = reason
    }

    func drain() {
        isFull = false
        roomFor = nil
    }

    var lines: [String] {
        slices.flatMap { String(buffer: $0).split(separator: "\n").map(String.init) }
    }

    /// What was sent after the preamble, without cursors.
    var texts: [String] {
        lines.filter { !$0.hasPrefix("from ") && $0 != "beat" }.map { String($0.drop { $0 != " " }.dropFirst()) }
    }
}
