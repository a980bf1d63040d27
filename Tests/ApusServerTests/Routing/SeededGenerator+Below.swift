import ApusTestSupport

extension SeededGenerator {
    /// A number from 0 on, below a bound.
    mutating func next(below bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }
}
