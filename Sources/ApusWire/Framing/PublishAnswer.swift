package import ApusCore
package import NIOCore

/// What a publisher is told (`spec/channels.md` §3).
package struct PublishAnswer: Hashable, Sendable {
    /// The message's, or for a duplicate the first one's.
    package let position: Position
    /// How many subscribers on this server wait or stream.
    package let subscribers: Int
    /// Whether the id was known, and nothing was published.
    package let isDuplicate: Bool

    package init(position: Position, subscribers: Int, isDuplicate: Bool = false) {
        self.position = position
        self.subscribers = subscribers
        self.isDuplicate = isDuplicate
    }

    /// One object.
    package func append(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"cursor\":")
        JSONText.append(position.description, to: &buffer)
        buffer.writeStaticString(",\"epoch\":")
        JSONText.append(position.epoch.description, to: &buffer)
        buffer.writeStaticString(",\"offset\":")
        JSONText.append(position.offset, to: &buffer)
        buffer.writeStaticString(",\"subscribers\":")
        JSONText.append(Int64(subscribers), to: &buffer)
        if isDuplicate { buffer.writeStaticString(",\"duplicate\":true") }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    /// An array, for messages that were published together.
    package static func append(_ answers: [PublishAnswer], to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, answer) in answers.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            answer.append(to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }
}
