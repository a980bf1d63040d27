public import ApusCore
import ApusWire
import NIOCore

extension Hub {
    /// Who is present on a channel: the sessions that follow it, in no order. Subscribers of the plain resource are counted only.
    public func presence(on channel: ChannelName) -> [ClientInfo] {
        presenceTable.members(of: channel)
    }

    /// A session has begun to follow a channel.
    func arrive(_ info: ClientInfo, on channel: ChannelName) {
        presenceTable.add(info, to: channel)
        announce(.join, info, on: channel)
    }

    /// A session follows a channel no more.
    func leave(_ info: ClientInfo, from channel: ChannelName) {
        guard let client = info.client, presenceTable.remove(client: client, from: channel) else { return }
        announce(.leave, info, on: channel)
    }

    /// Tells those who want to know. Arrivals are a log beside the channel's own, and who follows both reads them by time: so
    /// that nobody is heard before he joined or after he left, a leave is a millisecond younger than it is, and among equals
    /// the arrivals come first.
    private func announce(_ arrival: Arrival, _ info: ClientInfo, on channel: ChannelName) {
        let message = try? Message(data: ByteBuffer(), contentType: .json, event: arrival.rawValue, publisher: info)
        guard let message else { return }
        appendIfFollowed(message, to: .arrivals(of: channel), later: arrival == .leave ? 1 : 0)
    }
}
