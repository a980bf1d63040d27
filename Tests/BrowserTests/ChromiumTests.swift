import ApusTestSupport
import Foundation
import Testing

extension InBrowser {
    @Suite struct ChromiumTests {
        private static func url(_ html: String) throws -> String {
            let text = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>" + html
            return try "data:text/html;charset=utf-8,"
                + #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        }

        private func withPage(_ html: String = "", _ body: (Page) async throws -> Void) async throws {
            try await Chromium.shared.withPage(Self.url(html), body)
        }

        @Test func valuesComeOutOfThePage() async throws {
            try await withPage("<title>Grüße 🐦</title>") { page in
                let title: String = try await page.evaluate("document.title")
                #expect(title == "Grüße 🐦")
                #expect(try await page.evaluate("6 * 7") == 42)
                #expect(try await page.evaluate("1 < 2") == true)
                #expect(try await page.evaluate("['a', 'b']") == ["a", "b"])
                #expect(try await page.evaluate("undefined", as: String?.self) == nil)
                #expect(try await page.evaluate("new Promise((done) => setTimeout(done, 1, 'late'))") == "late")
                #expect(try await page.evaluate("({ n: { m: null } })") == JSONValue.object(["n": ["m": .null]]))
                #expect(page.errors.isEmpty)
            }
        }

        @Test func exceptionsBecomeErrors() async throws {
            try await withPage { page in
                let thrown = await #expect(throws: ScriptError.self) {
                    try await page.run("throw new RangeError('far')")
                }
                #expect(thrown?.description.contains("RangeError: far") == true)
                await #expect(throws: ScriptError.self) { try await page.run("missing()") }
                await #expect(throws: ScriptError.self) {
                    try await page.evaluate("Promise.reject('no')", as: Int.self)
                }
                await #expect(throws: ScriptError.self) { try await page.evaluate("'text'", as: Int.self) }
                await #expect(throws: ScriptError.self) { try await page.evaluate("(", as: Int.self) }
            }
        }

        @Test func anExpressionThatTakesTooLongIsGivenUp() async throws {
            try await withPage { page in
                await #expect(throws: DeadlineExceeded.self) {
                    try await page.evaluate("new Promise(() => {})", as: Int.self, within: .milliseconds(50))
                }
                let one: Int = try await page.evaluate("1")
                #expect(one == 1)
            }
        }

        @Test func waitingEndsWhenTheConditionHolds() async throws {
            try await withPage("<p id=p></p>") { page in
                try await page.run("setTimeout(() => { p.textContent = 'there' }, 50)")
                try await page.wait(until: "document.querySelector('#p').textContent === 'there'")
                // An exception counts as not yet.
                try await page.run("setTimeout(() => { window.later = { on: true } }, 50)")
                try await page.wait(until: "later.on")
            }
        }

        @Test func waitingInVainSaysWhatThereWas() async throws {
            try await withPage { page in
                let error = await #expect(throws: DeadlineExceeded.self) {
                    try await page.wait(until: "document.title === 'x' || missing", deadline: .milliseconds(100))
                }
                #expect(error?.description.contains("document.title === 'x'") == true)
                #expect(error?.observed.contains("missing is not defined") == true)
            }
        }

        @Test func waitingOutlivesANavigation() async throws {
            let second = try Self.url("<title>second</title>")
            try await withPage("<title>first</title>") { page in
                async let waited: Void = page.wait(until: "document.title === 'second'")
                try await page.open(second)
                try await waited
            }
        }

        @Test func clicksAndKeysAreThoseOfAUser() async throws {
            let html = """
                <form><input id=name value=old><button id=send>Send</button></form>
                <script>
                    window.seen = [];
                    document.forms[0].onsubmit = (event) => {
                        event.preventDefault();
                        seen.push([document.getElementById('name').value, event.isTrusted]);
                    };
                </script>
                """
            try await withPage(html) { page in
                try await page.type("#name", "Zoë 🐦")
                try await page.click("#send")
                try await page.wait(until: "seen.length === 1")
                try await page.type("#name", "again")
                try await page.press(.enter)
                try await page.wait(until: "seen.length === 2")
                #expect(
                    try await page.evaluate("seen")
                        == JSONValue.array([["Zoë 🐦", true], ["again", true]])
                )
            }
        }

        @Test func whatAUserCannotReachIsNotClicked() async throws {
            let html = """
                <button id=under>Under</button>
                <div id=over style="position:fixed;inset:0;background:white">over</div>
                """
            try await withPage(html) { page in
                let covered = await #expect(throws: DeadlineExceeded.self) {
                    try await page.click("#under", deadline: .milliseconds(100))
                }
                #expect(covered?.observed.contains("covered") == true)
                await #expect(throws: DeadlineExceeded.self) {
                    try await page.click("#missing", deadline: .milliseconds(100))
                }
            }
        }

        @Test func whatGoesWrongInThePageIsCollected() async throws {
            let html = """
                <script>
                    console.log("harmless");
                    console.error("not fine", 7);
                    setTimeout(() => { throw new TypeError("uncaught") });
                    Promise.reject(new Error("unhandled"));
                    setTimeout(() => { alert("hello"); document.title = "done" }, 1);
                </script>
                """
            try await withPage(html) { page in
                try await page.wait(until: "document.title === 'done'")
                let errors = page.takeErrors()
                #expect(errors.contains { $0.kind == .console && $0.text == "not fine 7" })
                #expect(errors.contains { $0.kind == .exception && $0.text.contains("TypeError: uncaught") })
                #expect(errors.contains { $0.kind == .exception && $0.text.contains("unhandled") })
                #expect(errors.contains { $0.kind == .dialog && $0.text == "hello" })
                #expect(!errors.contains { $0.kind == .console && $0.text.contains("harmless") })
                #expect(page.errors.isEmpty)
            }
        }

        @Test func nothingOutsideThisMachineIsReached() async throws {
            try await withPage { page in
                let message: String = try await page.evaluate("fetch('http://example.com/').catch((e) => String(e))")
                #expect(message.contains("TypeError"))
                #expect(page.errors.contains { $0.text.contains("ERR_NAME_NOT_RESOLVED") })
                await #expect(throws: DevToolsError.self) { try await page.open("http://example.com/") }
            }
        }

        @Test func aPageCanBeTakenOffline() async throws {
            try await withPage { page in
                #expect(try await page.evaluate("navigator.onLine") == true)
                try await page.setOffline(true)
                try await page.wait(until: "!navigator.onLine")
                try await page.setOffline(false)
                try await page.wait(until: "navigator.onLine")
            }
        }

        @Test func sizeAndColoursFollowTheTest() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("apus-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await withPage("<meta name=viewport content='width=device-width'><body style='height:900px'>") { page in
                try await page.emulate(width: 400, height: 300, dark: true)
                try await page.wait(until: "innerWidth === 400 && innerHeight === 300")
                #expect(try await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == true)
                try await page.emulate(width: 700, height: 300)
                #expect(try await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == false)
                let window = folder.appendingPathComponent("window.png").path
                let whole = folder.appendingPathComponent("whole.png").path
                try await page.screenshot(window)
                try await page.screenshot(whole, wholePage: true)
                #expect(try Self.pixels(of: window) == [700, 300])
                #expect(try Self.pixels(of: whole).last.map { $0 > 900 } == true)
            }
        }

        @Test func pagesKeepTheirStorageApart() async throws {
            let browser = try Chromium.shared
            let (one, other) = (try await browser.newPage(), try await browser.newPage())
            let sibling = try await browser.newPage(sharing: one)
            #expect(one.context != other.context)
            #expect(one.context == sibling.context)
            for page in [one, other, sibling] { await page.close() }
            await #expect(throws: DevToolsError.self) { try await one.evaluate("1", as: Int.self) }
        }

        /// Width and height from a PNG's header (PNG §11.2.2).
        private static func pixels(of path: String) throws -> [Int] {
            let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
            try #require(bytes.count > 24 && bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            return [16, 20].map { at in bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
        }
    }
}
