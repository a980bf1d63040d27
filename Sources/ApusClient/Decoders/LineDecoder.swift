import ApusCore
import ApusWire
package import NIOCore

/// NDJSON: one JSON form a line (`spec/channels.md` §4.4).
package struct LineDecoder: StreamDecoder {
    private let translation: ItemTranslation
    private var lines: LineSplitter

    package init(_ translation: ItemTranslation, lineBytes: Int) {
        self.translation = translation
        lines = LineSplitter(maximumLineBytes: lineBytes)
    }

    package mutating func read(_ bytes: ByteBuffer) throws(ClientError) -> [SubscriptionEvent] {
        try lines.split(bytes).map { (line) throws(ClientError) in try translation.event(json: line) }
    }
}

extension LineSplitter {
    /// The next lines; a limit that is passed is the client's error.
    mutating func split(_ bytes: ByteBuffer) throws(ClientError) -> [ByteBuffer] {
        do throws(LineTooLong) {
            return try read(bytes)
        } catch {
            throw ClientError(.limitExceeded, "The stream can't be read: \(error).", underlying: error)
        }
    }
}
