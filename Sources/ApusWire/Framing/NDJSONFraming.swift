package import NIOCore

/// One JSON form a line (`spec/channels.md` §4.4).
package struct NDJSONFraming: StreamFraming {
    package init() {}

    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {}

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        MessageForm.append(delivery, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        MessageForm.append(notice, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    package func appendHeartbeat(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\n"))
    }
}
