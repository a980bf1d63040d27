/// A moment as people in UTC write it, for the camera's stamp.
struct CalendarTime: Hashable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    /// Takes milliseconds since 1970 apart, by the proleptic Gregorian calendar.
    ///
    /// Years are counted from March, so that the leap day is a year's last; 400 of them have 146,097 days, and 719,468
    /// days lie between 0000-03-01 and 1970-01-01.
    init(milliseconds: Int64) {
        let seconds = Self.divided(milliseconds, 1000).quotient
        let (days, secondOfDay) = Self.divided(seconds, 86_400)
        let (era, dayOfEra) = Self.divided(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        self.month = Int(month)
        year = Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
        hour = Int(secondOfDay / 3600)
        minute = Int(secondOfDay / 60 % 60)
        second = Int(secondOfDay % 60)
    }

    /// `2025-11-21 14:03:22 UTC`
    var stamp: String {
        "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day)) "
            + "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second)) UTC"
    }

    /// A number with zeros before it.
    static func padded(_ number: Int, _ length: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.utf8.count)) + digits
    }

    /// Rounds down, also before 1970.
    private static func divided(_ value: Int64, _ by: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: by)
        return remainder < 0 ? (quotient - 1, remainder + by) : (quotient, remainder)
    }
}
