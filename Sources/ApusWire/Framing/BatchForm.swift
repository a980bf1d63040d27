package import NIOCore

/// A JSON array of messages and gaps: the answer of short and long polling (`spec/channels.md` §4.1).
package struct BatchForm {
    /// How many items it holds.
    package private(set) var count = 0

    package init() {}

    /// `[`
    package func appendStart(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "["))
    }

    /// One message.
    package mutating func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        appendSeparator(to: &buffer)
        MessageForm.append(delivery, to: &buffer)
    }

    /// One gap.
    package mutating func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {
        appendSeparator(to: &buffer)
        MessageForm.append(notice, to: &buffer)
    }

    /// `]`
    package func appendEnd(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    private mutating func appendSeparator(to buffer: inout ByteBuffer) {
        if count > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
        count += 1
    }
}
