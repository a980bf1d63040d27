/// How long to wait before connecting again: exponential with full jitter, so that clients that lost a server together
/// don't come back together.
public struct BackOff: Hashable, Sendable {
    /// The upper bound of the first wait. Default: 0.2 seconds. It doubles with every failure in a row.
    public var minimum: Duration = .milliseconds(200)
    /// The upper bound of every wait. Default: 20 seconds.
    ///
    /// What a server asks for (`Retry-After`, SSE's `retry`) is waited for, but no longer than this.
    public var maximum: Duration = .seconds(20)

    /// The defaults.
    public init() {}

    /// Bounds of one's own.
    public init(minimum: Duration, maximum: Duration) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The wait after so many failures in a row, counted from 0.
    ///
    /// - Parameters:
    ///   - hint: What the server asked for: the least that is waited.
    ///   - generator: Where chance comes from.
    package func delay(
        afterFailures failures: Int,
        hint: Duration?,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        // 2^20 times any sensible minimum is beyond any sensible maximum, and can't overflow.
        let bound = min(maximum, minimum * (1 << min(max(failures, 0), 20)))
        let chance = Double.random(in: 0...1, using: &generator)
        return min(maximum, (hint ?? .zero) + bound * chance)
    }
}
