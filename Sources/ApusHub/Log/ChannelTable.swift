package import ApusCore
import Synchronization

/// All channels of a hub, by name, under one lock for each of 64 stripes.
package final class ChannelTable: Sendable {
    private static let stripeCount = 64

    private let configuration: HubConfiguration
    private let budget: RetentionBudget
    private let stripes: [Stripe]
    private let channelCount = Atomic<Int>(0)
    private let nextStripe = Atomic<Int>(0)

    private final class Stripe: Sendable {
        let logs = Mutex<[ChannelName: ChannelLog]>([:])
    }

    package init(configuration: HubConfiguration) {
        self.configuration = configuration
        budget = RetentionBudget(limit: configuration.maximumRetainedBytes)
        stripes = (0..<Self.stripeCount).map { _ in Stripe() }
    }

    package var count: Int { channelCount.load(ordering: .relaxed) }
    package var retainedBytes: Int { budget.retainedBytes }

    /// The channel's log, made if need be.
    package func log(_ name: ChannelName, time: Int64) throws(ApusError) -> ChannelLog {
        let found: ChannelLog? = stripe(of: name).logs.withLock { logs in
            if let log = logs[name] { return log }
            guard channelCount.load(ordering: .relaxed) < configuration.maximumChannels else { return nil }
            channelCount.add(1, ordering: .relaxed)
            let log = ChannelLog(name: name, retention: configuration.retention, budget: budget, time: time)
            logs[name] = log
            return log
        }
        guard let found else {
            throw ApusError(
                .tooManyChannels,
                "The server holds \(configuration.maximumChannels) channels, the most it may; try again later."
            )
        }
        return found
    }

    /// The channel's log, if there is one.
    package func existingLog(_ name: ChannelName) -> ChannelLog? {
        stripe(of: name).logs.withLock { $0[name] }
    }

    /// Looks after the next stripe: expired messages and forgotten channels go.
    package func sweepNextStripe(time: Int64) {
        let index = nextStripe.wrappingAdd(1, ordering: .relaxed).oldValue & (Self.stripeCount - 1)
        let stripe = stripes[index]
        let all = stripe.logs.withLock { Array($0.values) }
        let lifetime = configuration.idleChannelLifetime
        for log in all where log.sweep(time: time, lifetime: lifetime) {
            stripe.logs.withLock { logs in
                if logs[log.name] === log {
                    logs[log.name] = nil
                    channelCount.subtract(1, ordering: .relaxed)
                }
            }
        }
    }

    private func stripe(of name: ChannelName) -> Stripe {
        stripes[name.hashValue & (Self.stripeCount - 1)]
    }
}
