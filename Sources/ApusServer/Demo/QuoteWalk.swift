/// Prices that wander, in hundredths. All symbols are invented.
struct QuoteWalk {
    private struct Quote {
        let symbol: String
        let opening: Int
        var price: Int
    }

    private var quotes: [Quote] = [
        ("APUS", 18_420), ("HAUS", 5_235), ("LARK", 31_078), ("MAVE", 9_964), ("NEST", 44_210), ("PICA", 2_715),
        ("SKYE", 12_640), ("TARN", 7_388),
    ].map { Quote(symbol: $0.0, opening: $0.1, price: $0.1) }

    /// The next prices of some different symbols, as JSON objects; `change` is since the opening, in per cent.
    mutating func next(_ count: Int, time: Int64, using random: inout DemoRandom) -> [String] {
        quotes.indices.shuffled(using: &random).prefix(count).map { index in
            let quote = quotes[index]
            // About a thousandth up or down, and a pull back to the opening, so that no price runs away.
            let step = Int.random(in: -quote.opening / 400...quote.opening / 400, using: &random)
            let price = max(100, quote.price + step - (quote.price - quote.opening) / 50)
            quotes[index].price = price
            let change = (price - quote.opening) * 10_000 / quote.opening
            return
                "{\"symbol\":\"\(quote.symbol)\",\"price\":\(Self.decimal(price)),\"change\":\(Self.decimal(change)),"
                + "\"time\":\(time)}"
        }
    }

    /// Hundredths as a decimal fraction.
    static func decimal(_ hundredths: Int) -> String {
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
