package import ApusCore
package import NIOCore

/// A channel's messages as pushes to sessions, the same bytes for all sessions of a kind (`spec/session.md` §4).
///
/// It says nothing of lost history: the session does, since it ends the subscription.
package struct SessionFraming: StreamFraming {
    package let channel: ChannelName
    package let carrier: SessionCarrier

    package init(channel: ChannelName, carrier: SessionCarrier) {
        self.channel = channel
        self.carrier = carrier
    }

    package func appendPreamble(cursor: String, to buffer: inout ByteBuffer) {}

    package func append(_ delivery: Delivery, to buffer: inout ByteBuffer) {
        let publication = delivery.publication
        guard delivery.channel?.isArrivals == true else {
            carrier.append(.publication(channel, publication), to: &buffer)
            return
        }
        let info = publication.message.publisher ?? ClientInfo()
        switch publication.message.event {
        case Arrival.join.rawValue: carrier.append(.join(channel, info), to: &buffer)
        default: carrier.append(.leave(channel, info), to: &buffer)
        }
    }

    package func append(_ notice: GapNotice, to buffer: inout ByteBuffer) {}

    /// Sessions are pinged once, not once for each of their channels.
    package func appendHeartbeat(to buffer: inout ByteBuffer) {}
}

/// What an entry of a channel's log of arrivals says, in place of an event's name.
package enum Arrival: String, Sendable {
    case join
    case leave
}
