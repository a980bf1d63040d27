import ApusCore
import ApusWire
package import NIOCore

/// The iframe's document: each script calls a function with a JSON form (`spec/channels.md` §4.3).
///
/// The call is `parent.CALLBACK({…})`, or `parent.CALLBACK(JSON.parse("…"))` where an object literal would not mean the
/// same as the JSON text.
package struct IframeDecoder: StreamDecoder {
    private static let opening = "<script>parent."
    private static let closing = ")</script>"
    private static let parse = "JSON.parse("

    private let translation: ItemTranslation
    private var lines: LineSplitter

    package init(_ translation: ItemTranslation, lineBytes: Int) {
        self.translation = translation
        lines = LineSplitter(maximumLineBytes: lineBytes)
    }

    package mutating func read(_ bytes: ByteBuffer) throws(ClientError) -> [SubscriptionEvent] {
        var events: [SubscriptionEvent] = []
        // Other lines are the preamble and heartbeats.
        for line in try lines.split(bytes) where line.readableBytesView.starts(with: Self.opening.utf8) {
            events.append(try translation.event(json: try argument(of: line)))
        }
        return events
    }

    private func argument(of line: ByteBuffer) throws(ClientError) -> ByteBuffer {
        let bytes = line.readableBytesView
        guard bytes.suffix(Self.closing.utf8.count).elementsEqual(Self.closing.utf8),
            let parenthesis = bytes.firstIndex(of: UInt8(ascii: "("))
        else {
            throw ItemTranslation.violation("A script of the server is no call.")
        }
        let argument = bytes[(parenthesis + 1)...].dropLast(Self.closing.utf8.count)
        guard argument.starts(with: Self.parse.utf8) else { return ByteBuffer(argument) }
        let literal = ByteBuffer(argument.dropFirst(Self.parse.utf8.count).dropLast())
        guard argument.last == UInt8(ascii: ")"), let text = try? JSONScanner.value(of: literal).utf8 else {
            throw ItemTranslation.violation("A script of the server parses something else than a string.")
        }
        return text
    }
}
