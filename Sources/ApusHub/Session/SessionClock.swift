import ApusWire

/// When a session is pinged, given up, or expires. Belongs to one event loop.
struct SessionClock {
    enum Tick {
        /// Ping now, and tick again after so long.
        case ping(next: Duration)
        /// Tick again after so long.
        case wait(next: Duration)
        /// The last ping was not answered.
        case dead
    }

    let timer = WheelTimer()
    private(set) var expiry: WheelTimer?
    let wantsPong: Bool
    private let pings: Bool
    private let configuration: SessionConfiguration
    /// Whether the client has yet to answer, or to say anything else, since it was pinged.
    private var awaitsPong = false

    init(configuration: SessionConfiguration, pings: Bool, wantsPong: Bool) {
        self.configuration = configuration
        self.pings = pings
        self.wantsPong = wantsPong
    }

    var pingSeconds: UInt32 { pings ? Self.seconds(configuration.pingInterval) : 0 }
    var firstPing: Duration? { pings ? configuration.pingInterval : nil }

    /// The client has said something.
    mutating func heard() { awaitsPong = false }

    /// - Parameter canPing: Whether the line takes anything; a client that can't be pinged owes no answer.
    mutating func tick(canPing: Bool) -> Tick {
        if awaitsPong { return .dead }
        guard canPing || isBetweenPings else { return .wait(next: configuration.pingInterval) }
        guard isBetweenPings else {
            isBetweenPings = wantsPong
            awaitsPong = wantsPong
            return .ping(next: wantsPong ? configuration.pongTimeout : configuration.pingInterval)
        }
        isBetweenPings = false
        return .wait(next: max(.zero, configuration.pingInterval - configuration.pongTimeout))
    }

    /// Whether the answer was waited for, and the rest of the interval is to pass.
    private var isBetweenPings = false

    mutating func expire(after lifetime: Duration, target: any WheelTimerTarget, shard: Shard) {
        let expiry = expiry ?? WheelTimer()
        expiry.target = target
        self.expiry = expiry
        shard.set(expiry, after: lifetime + configuration.refreshGrace)
    }

    /// Whole seconds, at least one.
    static func seconds(_ duration: Duration) -> UInt32 {
        UInt32(clamping: max(1, duration.components.seconds))
    }
}
