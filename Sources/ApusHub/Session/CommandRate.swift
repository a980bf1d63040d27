import NIOCore

/// A bucket of commands that fills by so many each second, and holds those of two.
struct CommandRate {
    private let perSecond: Int
    private var left: Double
    private var last: NIODeadline?

    init(perSecond: Int) {
        self.perSecond = perSecond
        left = Double(perSecond) * 2
    }

    /// Takes one; false if there is none.
    mutating func take(now: NIODeadline) -> Bool {
        if let last {
            let seconds = Double((now - last).nanoseconds) / 1_000_000_000
            left = min(Double(perSecond) * 2, left + seconds * Double(perSecond))
        }
        last = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
