package import ApusCore
package import NIOCore

/// What a server says on a WebSocket with the envelope besides messages and gaps (`spec/channels.md` §4.6).
package enum EnvelopeForm {
    /// The first message: what the client reads, and from where.
    ///
    /// - Parameter heartbeatSeconds: How often the server pings.
    package static func appendHello(
        channels: [ChannelName],
        heartbeatSeconds: Int,
        cursor: String,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString("{\"hello\":{\"channels\":[")
        for (index, channel) in channels.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            JSONText.append(channel.rawValue, to: &buffer)
        }
        buffer.writeStaticString("],\"heartbeat\":")
        JSONText.append(Int64(heartbeatSeconds), to: &buffer)
        buffer.writeStaticString("},\"cursor\":")
        JSONText.append(cursor, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// The answer to a publish object that had a `ref`.
    package static func append(_ answer: PublishAnswer, ref: Int64, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"ref\":")
        JSONText.append(ref, to: &buffer)
        buffer.writeStaticString(",\"published\":")
        answer.append(to: &buffer)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// The answer to a publish object that was refused; without `ref` where it had none.
    package static func append(_ error: ApusError, ref: Int64?, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "{"))
        if let ref {
            buffer.writeStaticString("\"ref\":")
            JSONText.append(ref, to: &buffer)
            buffer.writeInteger(UInt8(ascii: ","))
        }
        buffer.writeStaticString("\"error\":{\"code\":")
        JSONText.append(error.code.rawValue, to: &buffer)
        buffer.writeStaticString(",\"status\":")
        JSONText.append(Int64(error.code.status), to: &buffer)
        buffer.writeStaticString(",\"title\":")
        JSONText.append(error.code.title, to: &buffer)
        buffer.writeStaticString(",\"detail\":")
        JSONText.append(error.message, to: &buffer)
        buffer.writeStaticString("}}")
    }
}
