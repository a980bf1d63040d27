package import ApusCore

/// Where pages come from: files by their segments, which are safe as `PagePath` has them.
package protocol PageSource: Sendable {
    /// A file, or nil where there is none. May block on a disk.
    ///
    /// - Throws: `ApusError` for a file that is there and can't be served.
    func page(at segments: [String]) throws(ApusError) -> Page?
}
