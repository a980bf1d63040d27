package import NIOCore

/// One field of a message in Protocol Buffers' wire format.
package struct ProtobufField: Hashable, Sendable {
    enum WireType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    package enum Value: Hashable, Sendable {
        case number(UInt64)
        case bytes(ByteBuffer)
        /// Of a type that no message of ours has.
        case other
    }

    package let number: Int
    package let value: Value

    /// Why bytes are no message. The peer erred.
    package enum Violation: Error, Hashable, Sendable {
        /// The bytes end within a field.
        case truncated
        /// A number of more than 64 bits, a field of number 0, a wire type that there is not, or more fields than the limit.
        case malformed
    }

    /// The fields of a message, in order.
    ///
    /// - Parameter limit: The most fields.
    package static func all(in message: ByteBuffer, limit: Int) throws(Violation) -> [ProtobufField] {
        var fields: [ProtobufField] = []
        var rest = message
        while rest.readableBytes > 0 {
            guard fields.count < limit else { throw .malformed }
            let tag = try readVarint(&rest)
            guard tag >> 3 > 0, tag >> 3 < 1 << 29, let type = WireType(rawValue: UInt8(tag & 7)) else {
                throw .malformed
            }
            let value: Value
            switch type {
            case .varint: value = .number(try readVarint(&rest))
            case .bytes: value = .bytes(try readBytes(&rest))
            case .fixed32: value = try skip(4, &rest)
            case .fixed64: value = try skip(8, &rest)
            }
            fields.append(ProtobufField(number: Int(tag >> 3), value: value))
        }
        return fields
    }

    /// A length, and so many bytes.
    package static func readBytes(_ buffer: inout ByteBuffer) throws(Violation) -> ByteBuffer {
        let length = try readVarint(&buffer)
        guard length <= UInt64(buffer.readableBytes), let bytes = buffer.readSlice(length: Int(length)) else {
            throw .truncated
        }
        return bytes
    }

    private static func skip(_ count: Int, _ buffer: inout ByteBuffer) throws(Violation) -> Value {
        guard buffer.readSlice(length: count) != nil else { throw .truncated }
        return .other
    }

    private static func readVarint(_ buffer: inout ByteBuffer) throws(Violation) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = buffer.readInteger(as: UInt8.self) else { throw .truncated }
            // Of the tenth byte only one bit is left.
            guard shift < 63 || byte <= 1 else { throw .malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }
}
