import ApusHub
import ApusTestSupport
import Testing

@Suite struct TimerWheelTests {
    @Test(arguments: [1, 2, 255, 256, 257, 511, 512, 513, 1_000])
    func aTimerFiresAfterExactlyItsTicks(ticks: Int) {
        var wheel = TimerWheel()
        let timer = WheelTimer()
        wheel.set(timer, ticks: ticks)
        for _ in 1..<ticks { #expect(wheel.advance().isEmpty) }
        #expect(wheel.advance().map { $0 === timer } == [true])
        #expect(!timer.isSet)
        #expect(wheel.count == 0)
    }

    @Test func aTimerThatIsSetAgainMoves() {
        var wheel = TimerWheel()
        let timer = WheelTimer()
        wheel.set(timer, ticks: 1)
        wheel.set(timer, ticks: 3)
        #expect(wheel.count == 1)
        #expect(wheel.advance().isEmpty)
        #expect(wheel.advance().isEmpty)
        #expect(wheel.advance().count == 1)
    }

    @Test func aCancelledTimerDoesNotFire() {
        var wheel = TimerWheel()
        let timers = (0..<3).map { _ in WheelTimer() }
        for timer in timers { wheel.set(timer, ticks: 2) }
        wheel.cancel(timers[0])
        wheel.cancel(timers[0])
        #expect(wheel.advance().isEmpty)
        #expect(Set(wheel.advance().map(ObjectIdentifier.init)) == Set(timers[1...].map(ObjectIdentifier.init)))
    }

    @Test func aThousandTimersMovedAtRandomFireWhenTheyShould() {
        var wheel = TimerWheel()
        var random = SeededGenerator(seed: 7)
        let timers = (0..<1_000).map { _ in WheelTimer() }
        var due: [ObjectIdentifier: Int] = [:]
        for now in 0..<2_000 {
            for _ in 0..<5 {
                let timer = timers[Int.random(in: 0..<timers.count, using: &random)]
                if Bool.random(using: &random) {
                    let ticks = Int.random(in: 1...700, using: &random)
                    wheel.set(timer, ticks: ticks)
                    due[ObjectIdentifier(timer)] = now + ticks
                } else {
                    wheel.cancel(timer)
                    due[ObjectIdentifier(timer)] = nil
                }
            }
            let fired = wheel.advance().map(ObjectIdentifier.init)
            let expected = due.filter { $0.value == now + 1 }.keys
            #expect(Set(fired) == Set(expected))
            #expect(fired.count == expected.count)
            for timer in expected { due[timer] = nil }
            #expect(wheel.count == due.count)
        }
    }
}
