import ApusClient
import ApusTestSupport
import Testing

@Suite("Back-off")
struct BackOffTests {
    @Test("the bound doubles from 0.2 s to 20 s, and the whole range below it is used")
    func doubles() {
        var generator = SeededGenerator(seed: 1)
        let backOff = BackOff()
        for (failures, bound) in [(0, 0.2), (1, 0.4), (3, 1.6), (6, 12.8), (7, 20), (60, 20)] {
            let delays = (0..<500).map { _ in
                backOff.delay(afterFailures: failures, hint: nil, using: &generator) / .seconds(1)
            }
            #expect(delays.allSatisfy { $0 >= 0 && $0 <= bound })
            #expect((delays.max() ?? 0) > bound * 0.95)
            #expect((delays.min() ?? bound) < bound * 0.05)
        }
    }

    @Test("what a server asks for is the least, but the maximum is the most")
    func hint() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let delay = BackOff().delay(afterFailures: 0, hint: .seconds(5), using: &generator)
            #expect(delay >= .seconds(5) && delay <= .seconds(5.2))
            #expect(BackOff().delay(afterFailures: 0, hint: .seconds(1 << 40), using: &generator) == .seconds(20))
        }
    }
}
