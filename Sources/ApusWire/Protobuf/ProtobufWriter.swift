package import NIOCore

/// Writes Protocol Buffers' wire format (protobuf.dev, "Encoding"), field by field. Empty values are left out, as proto3 does.
package struct ProtobufWriter {
    package private(set) var buffer = ByteBuffer()

    package init() {}

    package mutating func number(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, .varint)
        Self.append(varint: value, to: &buffer)
    }

    package mutating func flag(_ field: Int, _ value: Bool) {
        number(field, value ? 1 : 0)
    }

    package mutating func text(_ field: Int, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        tag(field, .bytes)
        Self.append(varint: UInt64(value.utf8.count), to: &buffer)
        buffer.writeString(value)
    }

    package mutating func bytes(_ field: Int, _ value: ByteBuffer?) {
        guard let value, value.readableBytes > 0 else { return }
        tag(field, .bytes)
        Self.append(varint: UInt64(value.readableBytes), to: &buffer)
        buffer.writeImmutableBuffer(value)
    }

    /// A message within this one; written also when it is empty, since its being there says something.
    package mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        tag(field, .bytes)
        Self.append(varint: UInt64(inner.buffer.readableBytes), to: &buffer)
        buffer.writeImmutableBuffer(inner.buffer)
    }

    private mutating func tag(_ field: Int, _ type: ProtobufField.WireType) {
        Self.append(varint: UInt64(field) << 3 | UInt64(type.rawValue), to: &buffer)
    }

    /// A number in groups of seven bits, the lowest first.
    package static func append(varint value: UInt64, to buffer: inout ByteBuffer) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }
}
