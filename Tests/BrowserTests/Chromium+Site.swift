import Testing

extension Chromium {
    /// Opens a page of a server that is there for this test only. Nothing may go wrong in the page unnoticed: what it
    /// still has among its errors at the end is a failure.
    static func visit(
        _ path: String? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Page, Site) async throws -> Void
    ) async throws {
        try await Site.with { site in
            try await shared.withPage(path.map { site.origin + $0 } ?? "about:blank") { page in
                try await body(page, site)
                #expect(page.errors.isEmpty)
            }
        }
    }
}
