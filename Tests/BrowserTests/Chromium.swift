import ApusTestSupport
import Foundation

/// A headless Chromium that tests drive, over the DevTools protocol.
///
/// Suites get one from ``ChromiumTrait`` and share it; each page has a profile of its own (cookies, storage), unless it
/// asks to share that of another.
final class Chromium: Sendable {
    private let process: BrowserProcess
    private let connection: DevToolsConnection

    private init(process: BrowserProcess, connection: DevToolsConnection) {
        self.process = process
        self.connection = connection
    }

    /// Starts a browser and waits until it answers.
    static func launch() async throws -> Chromium {
        let process = try BrowserProcess.start()
        let browser = Chromium(process: process, connection: DevToolsConnection(socket: process.socket))
        do {
            // The first start on a busy machine reads 300 MB from disk.
            try await browser.connection.call("Browser.getVersion", within: .seconds(60))
            return browser
        } catch {
            let lastWords = process.lastWords
            await browser.close()
            throw BrowserProcess.Failure(description: "the browser did not start (\(error)); it said: \(lastWords)")
        }
    }

    /// Opens a page and waits until its document is there (`DOMContentLoaded`; streams in it may go on loading).
    func newPage(_ url: String = "about:blank", sharing other: Page? = nil) async throws -> Page {
        let context: String
        if let other {
            context = other.context
        } else {
            let created = try await connection.call("Target.createBrowserContext", ["disposeOnDetach": true])
            guard let id = created["browserContextId"]?.string else {
                throw DevToolsError(method: "Target.createBrowserContext", message: "no id in \(created)")
            }
            context = id
        }
        let target = try await connection.call(
            "Target.createTarget",
            ["url": "about:blank", "browserContextId": .string(context), "newWindow": true]
        )
        guard let targetID = target["targetId"] else {
            throw DevToolsError(method: "Target.createTarget", message: "no id in \(target)")
        }
        let attached = try await connection.call("Target.attachToTarget", ["targetId": targetID, "flatten": true])
        guard let session = attached["sessionId"]?.string else {
            throw DevToolsError(method: "Target.attachToTarget", message: "no session in \(attached)")
        }
        let page = Page(
            connection: connection,
            session: session,
            target: targetID,
            context: context,
            ownsContext: other == nil
        )
        try await page.prepare()
        if url != "about:blank" { try await page.open(url) }
        return page
    }

    /// Opens a page, and closes it whatever happens.
    func withPage<Value>(
        _ url: String = "about:blank",
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Page) async throws -> Value
    ) async throws -> Value {
        let page = try await newPage(url)
        do {
            let value = try await body(page)
            await page.close()
            return value
        } catch {
            await page.close()
            throw error
        }
    }

    /// Ends the browser and all of its processes, and removes what it wrote. Never fails, never hangs.
    func close() async {
        connection.post("Browser.close")
        if (try? await process.ended.next("the browser's end", within: .seconds(3))) == nil {
            process.kill()
            _ = try? await process.ended.next("the killed browser's end", within: .seconds(10))
        }
        connection.hangUp()
        try? await process.removeProfile()
    }
}
