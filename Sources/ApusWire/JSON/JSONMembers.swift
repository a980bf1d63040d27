package import NIOCore

/// Writes an object's braces, its members' names, and the commas between them; the values are written by the caller.
package struct JSONMembers {
    private var isEmpty = true

    /// `{`
    package init(in buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "{"))
    }

    /// A name that needs no escapes.
    package mutating func name(_ name: StaticString, in buffer: inout ByteBuffer) {
        separate(in: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
    }

    /// Any name.
    package mutating func name(_ name: String, in buffer: inout ByteBuffer) {
        separate(in: &buffer)
        JSONText.append(name, to: &buffer)
        buffer.writeInteger(UInt8(ascii: ":"))
    }

    /// A member that is only written when it is true, as proto3's JSON form leaves empty values out.
    package mutating func flag(_ name: StaticString, _ value: Bool, in buffer: inout ByteBuffer) {
        guard value else { return }
        self.name(name, in: &buffer)
        buffer.writeStaticString("true")
    }

    /// A member that is only written when it is not 0.
    package mutating func number(_ name: StaticString, _ value: UInt64, in buffer: inout ByteBuffer) {
        guard value != 0 else { return }
        self.name(name, in: &buffer)
        JSONText.append(value, to: &buffer)
    }

    /// A member that is only written when it is not empty.
    package mutating func text(_ name: StaticString, _ value: String, in buffer: inout ByteBuffer) {
        guard !value.isEmpty else { return }
        self.name(name, in: &buffer)
        JSONText.append(value, to: &buffer)
    }

    /// A member that is only written where there is a value: one JSON value, already checked.
    package mutating func value(_ name: StaticString, _ value: ByteBuffer?, in buffer: inout ByteBuffer) {
        guard let value, value.readableBytes > 0 else { return }
        self.name(name, in: &buffer)
        JSONText.append(value: value, to: &buffer)
    }

    /// `}`
    package func end(in buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private mutating func separate(in buffer: inout ByteBuffer) {
        if !isEmpty { buffer.writeInteger(UInt8(ascii: ",")) }
        isEmpty = false
    }
}
