package import ApusCore
import Synchronization

/// Who is present on which channel, under one lock for each of 64 stripes. May be used from any thread.
package final class PresenceTable: Sendable {
    private static let stripeCount = 64

    private let stripes: [Stripe] = (0..<stripeCount).map { _ in Stripe() }

    private final class Stripe: Sendable {
        let channels = Mutex<[ChannelName: Members]>([:])
    }

    private struct Members {
        /// By the client's id.
        var clients: [String: ClientInfo] = [:]
        /// How many clients each user has.
        var users: [String: Int] = [:]

        mutating func forget(user: String?) {
            let user = user ?? ""
            guard let count = users[user] else { return }
            users[user] = count > 1 ? count - 1 : nil
        }
    }

    /// A channel's counts.
    package struct Counts: Hashable, Sendable {
        package var clients: Int
        package var users: Int
    }

    package init() {}

    /// Notes a client; one that is there already is replaced.
    package func add(_ info: ClientInfo, to channel: ChannelName) {
        guard let client = info.client else { return }
        stripe(of: channel).channels.withLock { channels in
            let old = channels[channel, default: Members()].clients.updateValue(info, forKey: client)
            channels[channel]?.users[info.user ?? "", default: 0] += 1
            if let old { channels[channel]?.forget(user: old.user) }
        }
    }

    /// Forgets a client; false if it was not there.
    @discardableResult
    package func remove(client: String, from channel: ChannelName) -> Bool {
        stripe(of: channel).channels.withLock { channels in
            guard let old = channels[channel]?.clients.removeValue(forKey: client) else { return false }
            channels[channel]?.forget(user: old.user)
            if channels[channel]?.clients.isEmpty == true { channels[channel] = nil }
            return true
        }
    }

    package func counts(on channel: ChannelName) -> Counts {
        stripe(of: channel).channels.withLock { channels in
            Counts(clients: channels[channel]?.clients.count ?? 0, users: channels[channel]?.users.count ?? 0)
        }
    }

    /// Who is there, in no order.
    package func members(of channel: ChannelName) -> [ClientInfo] {
        stripe(of: channel).channels.withLock { channels in
            channels[channel].map { Array($0.clients.values) } ?? []
        }
    }

    private func stripe(of name: ChannelName) -> Stripe {
        stripes[name.hashValue & (Self.stripeCount - 1)]
    }
}
