import Foundation

/// Which browser the tests drive: what `APUS_BROWSER` names, else Chromium or Google Chrome from `PATH`.
enum BrowserExecutable {
    /// There is no browser. Tests fail then: a suite that skips itself would look as if it had passed.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static func find(in environment: [String: String] = ProcessInfo.processInfo.environment) throws -> String {
        let files = FileManager.default
        if let named = environment["APUS_BROWSER"], !named.isEmpty {
            guard files.isExecutableFile(atPath: named) else {
                throw Missing(description: "APUS_BROWSER names \(named), which is not an executable file")
            }
            return named
        }
        for name in ["chromium", "google-chrome", "google-chrome-stable"] {
            for folder in (environment["PATH"] ?? "").split(separator: ":") {
                let path = "\(folder)/\(name)"
                // Ubuntu's snap has a /tmp of its own and gets no inherited file descriptors.
                let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
                if files.isExecutableFile(atPath: path), !target.hasSuffix("/snap") { return path }
            }
        }
        throw Missing(
            description: "the browser tests need Chromium, and none was found: run scripts/bootstrap --tests, "
                + "or set APUS_BROWSER to the path of a Chromium or Google Chrome executable"
        )
    }
}
