import ApusCore
import ApusWire
import NIOCore

/// Reads the answer of a channel's history (`spec/channels.md` §3).
enum HistoryReading {
    /// The most messages in one answer that is understood.
    private static let itemsPerAnswer = 100_000

    static func history(
        _ body: ByteBuffer,
        channel: ChannelName,
        limits: ClientLimits
    ) throws(ClientError) -> ChannelHistory {
        let translation = ItemTranslation(channels: [channel], messageBytes: limits.messageBytes)
        let (head, hasMore, gap, items) = try parts(of: body)
        var messages: [ChannelMessage] = []
        for item in items {
            guard case .message(let message) = try translation.event(item) else { continue }
            messages.append(message)
        }
        return ChannelHistory(head: head, gap: gap, messages: messages, hasMore: hasMore)
    }

    private static func parts(
        of body: ByteBuffer
    ) throws(ClientError) -> (head: Position, hasMore: Bool, gap: Gap?, items: [ReceivedItem]) {
        do {
            let members = try JSONScanner.members(of: body)
            guard let cursor = members["cursor"]?.string, let head = Position(cursor),
                let hasMore = members["more"]?.boolean, let messages = members["messages"]
            else { throw ItemTranslation.violation("The answer is no history; is it an Apus server?") }
            let gap = try members["gap"].map { try MessageFormParser.notice(value: $0.raw, cursor: cursor).gap }
            return (head, hasMore, gap, try MessageFormParser.items(messages.raw, limit: itemsPerAnswer))
        } catch let error as ClientError {
            throw error
        } catch {
            throw ItemTranslation.violation("The server's answer can't be read: \(error); is it an Apus server?", error)
        }
    }
}
