/// Weather that changes slowly: temperatures in tenths of a degree Celsius, wind in kilometres an hour.
struct WeatherWalk {
    private struct City {
        let name: String
        let mean: Int
        var temperature: Int
        var wind: Int
        var sky: Int
    }

    private static let skies = ["clear", "fair", "cloudy", "rain", "storm"]

    private var cities: [City] = [
        ("Berlin", 92), ("Cairo", 243), ("Lima", 196), ("Nairobi", 188), ("Oslo", 31), ("Seoul", 75), ("Sydney", 221),
        ("Toronto", 44),
    ].map { City(name: $0.0, mean: $0.1, temperature: $0.1, wind: 12, sky: 1) }

    /// One city's weather as a JSON object.
    mutating func next(using random: inout DemoRandom) -> String {
        let index = Int.random(in: cities.indices, using: &random)
        var city = cities[index]
        city.temperature += Int.random(in: -8...8, using: &random) - (city.temperature - city.mean) / 10
        city.wind = max(0, min(60, city.wind + Int.random(in: -4...4, using: &random)))
        city.sky = max(0, min(Self.skies.count - 1, city.sky + Int.random(in: -1...1, using: &random)))
        cities[index] = city
        let (whole, rest) = city.temperature.magnitude.quotientAndRemainder(dividingBy: 10)
        return "{\"city\":\"\(city.name)\",\"temperature\":\(city.temperature < 0 ? "-" : "")\(whole).\(rest),"
            + "\"wind\":\(city.wind),\"sky\":\"\(Self.skies[city.sky])\"}"
    }
}
