import Testing

/// Gives a suite one browser, `Chromium.shared`, and ends it after the last of its tests, passed or failed.
struct ChromiumTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let browser = try await Chromium.launch()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await Chromium.$current.withValue(browser) { try await function() })
        } catch {
            outcome = .failure(error)
        }
        await browser.close()
        try outcome.get()
    }
}

extension Trait where Self == ChromiumTrait {
    /// One browser for the whole suite.
    static var chromium: Self { ChromiumTrait() }
}

extension Chromium {
    @TaskLocal fileprivate static var current: Chromium?

    /// The suite's browser. Only inside a suite with the trait `.chromium`, such as ``InBrowser``.
    static var shared: Chromium {
        get throws { try #require(current, "no suite around this test has the trait .chromium") }
    }
}

/// All suites that need a browser are extensions of this one, so that they share it: one start for the whole run.
///
/// One test at a time: a dozen pages at once on two cores would make each of them miss its deadlines.
@Suite(.chromium, .serialized) enum InBrowser {}
