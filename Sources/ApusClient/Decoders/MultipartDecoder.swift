import ApusCore
import ApusWire
package import NIOCore

/// `multipart/mixed`: each message a part with its own bytes (`spec/channels.md` §4.4).
package struct MultipartDecoder: StreamDecoder {
    private let translation: ItemTranslation
    private var parser: MultipartParser

    package init(_ translation: ItemTranslation, boundary: String) {
        self.translation = translation
        parser = MultipartParser(boundary: boundary, maximumBodyBytes: translation.messageBytes)
    }

    /// The boundary that a `Content-Type` states (RFC 2046 §5.1.1); nil where it is none of a multipart stream.
    package static func boundary(of contentType: String) -> String? {
        guard contentType.lowercased().hasPrefix("multipart/mixed"),
            let name = contentType.firstRange(of: "boundary=")
        else { return nil }
        let value = contentType[name.upperBound...].prefix { $0 != ";" && $0 != " " }
        let boundary = value.hasPrefix("\"") ? value.dropFirst().dropLast() : value
        return (1...70).contains(boundary.utf8.count) ? String(boundary) : nil
    }

    package mutating func read(_ bytes: ByteBuffer) throws(ClientError) -> [SubscriptionEvent] {
        let parts: [MultipartPart]
        do throws(MultipartError) {
            parts = try parser.read(bytes)
        } catch {
            throw Self.error(error)
        }
        return try parts.map { (part) throws(ClientError) in try event(part) }
    }

    private func event(_ part: MultipartPart) throws(ClientError) -> SubscriptionEvent {
        guard let cursor = part.cursor else {
            throw ItemTranslation.violation("A part of the server's stream has no Apus-Cursor.")
        }
        if part.contentType == MultipartFraming.gapType {
            return .gap(try translation.gap(try Self.notice(part, cursor: cursor)))
        }
        let (channel, type) = try Self.names(part)
        return .message(
            ChannelMessage(
                cursor: try translation.cursor(cursor),
                channel: try translation.channel(channel),
                event: part.event,
                id: part.id,
                time: part.time,
                contentType: type,
                data: part.body
            )
        )
    }

    private static func notice(_ part: MultipartPart, cursor: String) throws(ClientError) -> GapNotice {
        do throws(MessageFormError) {
            return try MessageFormParser.notice(value: part.body, cursor: cursor)
        } catch {
            throw ItemTranslation.violation("A gap of the server can't be read: \(error).", error)
        }
    }

    private static func names(_ part: MultipartPart) throws(ClientError) -> (ChannelName?, ContentType) {
        do throws(ApusError) {
            return (
                try part.channel.map { (name) throws(ApusError) in try ChannelName(name) },
                // RFC 2046 §5.1: a part without a type is plain text.
                try ContentType(part.contentType ?? ContentType.text.rawValue)
            )
        } catch {
            throw ItemTranslation.violation("A part of the server's stream can't be read: \(error.message)", error)
        }
    }

    private static func error(_ error: MultipartError) -> ClientError {
        switch error {
        case .lineTooLong, .bodyTooLarge:
            ClientError(.limitExceeded, "The stream can't be read: \(error).", underlying: error)
        case .malformedHead, .missingBoundary:
            ItemTranslation.violation("The stream can't be read: \(error).", error)
        }
    }
}
