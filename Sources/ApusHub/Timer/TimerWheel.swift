/// Many coarse timers at the cost of one: a wheel of slots through which time passes tick by tick.
///
/// It does not read a clock: its owner calls `advance()` once a tick. Setting, moving and removing a timer take constant time.
/// Belongs to one event loop.
package struct TimerWheel {
    private static let slotCount = 256

    private var slots: [[WheelTimer]]
    private var current = 0
    /// How many timers are set.
    package private(set) var count = 0

    package init() {
        slots = Array(repeating: [], count: Self.slotCount)
    }

    /// Sets a timer, or moves it if it is set already; it fires after this many calls of `advance()`, at least one.
    package mutating func set(_ timer: WheelTimer, ticks: Int) {
        cancel(timer)
        let ticks = max(1, ticks)
        let slot = (current + ticks) % Self.slotCount
        timer.place = WheelTimer.Place(slot: slot, index: slots[slot].count, rounds: (ticks - 1) / Self.slotCount)
        slots[slot].append(timer)
        count += 1
    }

    /// Removes a timer, if it is set.
    package mutating func cancel(_ timer: WheelTimer) {
        guard let place = timer.place else { return }
        timer.place = nil
        count -= 1
        guard let last = slots[place.slot].popLast(), last !== timer else { return }
        slots[place.slot][place.index] = last
        last.place?.index = place.index
    }

    /// Lets one tick pass; returns the timers that are due, which are set no more.
    package mutating func advance() -> [WheelTimer] {
        current = (current + 1) % Self.slotCount
        guard !slots[current].isEmpty else { return [] }
        let all = slots[current]
        slots[current] = []
        var due: [WheelTimer] = []
        for timer in all {
            guard let rounds = timer.place?.rounds else { continue }
            if rounds == 0 {
                timer.place = nil
                count -= 1
                due.append(timer)
            } else {
                timer.place = WheelTimer.Place(slot: current, index: slots[current].count, rounds: rounds - 1)
                slots[current].append(timer)
            }
        }
        return due
    }
}

/// A timer for a wheel: it stands in one slot or in none, and tells its target when it is due.
package final class WheelTimer {
    fileprivate struct Place {
        var slot: Int
        var index: Int
        var rounds: Int
    }

    fileprivate var place: Place?
    /// Whom it tells; held weakly, so that a timer keeps nobody alive.
    package weak var target: (any WheelTimerTarget)?

    package init() {}

    package var isSet: Bool { place != nil }
}

/// Who can be told that a timer is due.
package protocol WheelTimerTarget: AnyObject {
    func timerFired(_ timer: WheelTimer)
}
