extension Duration {
    /// Whole milliseconds, rounded down, within what 64 bits hold.
    package var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        if overflow { return seconds < 0 ? .min / 4 : .max / 4 }
        return max(.min / 4, min(.max / 4, whole + attoseconds / 1_000_000_000_000_000))
    }
}
