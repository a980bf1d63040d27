import ApusCore
import Testing

extension InBrowser {
    /// What holds for every page: no errors, no broken rules, room on a small screen, all within the keyboard's reach.
    @Suite struct EveryPageTests {
        struct Visited: Sendable, CustomTestStringConvertible {
            let path: String
            /// True once the page has done what it does on its own.
            let isReady: String
            /// What a visitor must come to with the Tab key, by selector.
            let reachable: [String]

            var testDescription: String { path }
        }

        static let everywhere = [".skip", ".brand", "nav a:not([aria-current])", "#theme"]

        static let pages =
            [
                Visited(
                    path: "/?channel=every-page",
                    isReady: """
                        document.querySelectorAll('article[data-state="live"]').length === 7
                            && document.querySelectorAll('article[data-received="101"]').length === 7
                        """,
                    reachable: everywhere + [
                        "#channel", "#text", "#send", "#every-second", "#burst", "#interval", "#cut-all", "#resume-all",
                        "[data-transport=websocket] .cut", "[data-transport=iframe] .cut-briefly",
                        "[data-transport=short-polling] .move", "summary",
                    ]
                ),
                Visited(
                    path: "/chat",
                    isReady: "document.activeElement.matches('#nickname, #enter')",
                    reachable: everywhere + ["#nickname", "#room", "#enter"]
                ),
                Visited(
                    path: "/board",
                    isReady: """
                        ['quotes', 'weather', 'tickets'].every((kind) => document.body.dataset[kind] > 0)
                            && document.querySelector('#camera').naturalWidth > 0
                        """,
                    reachable: everywhere
                ),
                Visited(
                    path: "/examples/",
                    isReady: "document.readyState === 'complete'",
                    reachable: everywhere + ["#examples li:first-child a", "#examples li:last-child a"]
                ),
                Visited(
                    path: "/examples/multipart-image.html",
                    isReady: "document.body.dataset.received > 0",
                    reachable: ["a", "#text", "#send"]
                ),
            ]
            + ExamplePagesTests.names.map { name in
                Visited(
                    path: "/examples/\(name).html",
                    isReady: name == "publish"
                        ? "document.querySelector('#origin').textContent === location.origin"
                        : "document.body.dataset.received === '1'",
                    reachable: ["a", "#text", "#send"]
                )
            }

        /// Long words and names, as visitors write them.
        private static let long = String(repeating: "Donaudampfschifffahrtsgesellschaft", count: 12)

        @Test(arguments: pages) func nothingGoesWrong(visited: Visited) async throws {
            try await Chromium.visit { page, site in
                try await page.emulate(width: 380, height: 740)
                try site.publish(Self.long, to: "example")
                try await page.open(site.origin + visited.path)
                if visited.path.hasPrefix("/?") {
                    try await page.wait(until: "document.querySelectorAll('article').length === 7")
                    try await page.click("#burst")
                    try site.publish(#"{"text":"\#(Self.long)"}"#, .json, event: "gallery", to: "every-page")
                }
                try await page.wait(until: visited.isReady)
                // The window itself would grow on a phone, so its width is no measure.
                let width: Int = try await page.evaluate("document.documentElement.scrollWidth")
                #expect(width <= 380)
                // Letters stand out from the ground, and the ground is what the visitor prefers.
                let light: [Double] = try await page.evaluate(Self.brightness)
                #expect(light[0] > 0.7 && light[1] < 0.4)
                try await page.emulate(width: 380, height: 740, dark: true)
                let dark: [Double] = try await page.evaluate(Self.brightness)
                #expect(dark[0] < 0.3 && dark[1] > 0.6)
                try await expectTabReaches(visited.reachable, in: page)
            }
        }

        @Test func aRoomFitsASmallScreenToo() async throws {
            try await Chromium.visit { page, site in
                try await page.emulate(width: 380, height: 740)
                let visitor = try await ChatVisitor.enter(
                    "long",
                    as: "Wolfgang Amadeus von Habsburg-L",
                    in: page,
                    at: site
                )
                try await visitor.say(Self.long)
                try await visitor.wait(forMessages: [Self.long])
                let width: Int = try await page.evaluate("document.documentElement.scrollWidth")
                #expect(width <= 380)
                // The field is on the screen, whatever the log holds.
                #expect(
                    try await page.evaluate("document.querySelector('#message').getBoundingClientRect().bottom <= 740")
                        == true
                )
            }
        }

        @Test func theKeyboardReachesEverythingInARoom() async throws {
            try await Chromium.visit { page, site in
                _ = try await ChatVisitor.enter("keys", as: "Ada", in: page, at: site)
                try await expectTabReaches(Self.everywhere + ["#transport", "#log", "#message", "#send"], in: page)
            }
        }

        @Test func theChosenThemeIsKept() async throws {
            try await Chromium.visit("/examples/") { page, site in
                try await page.click("#theme")
                try await page.wait(until: "document.documentElement.dataset.theme === 'dark'")
                try await page.open("\(site.origin)/board")
                let ground: [Double] = try await page.evaluate(Self.brightness)
                #expect(ground[0] < 0.3)
            }
        }

        /// Presses Tab until all of them had the focus, once around the page at most.
        private func expectTabReaches(_ selectors: [String], in page: Page) async throws {
            let names = JSONValue.array(selectors.map(JSONValue.string)).description
            try await page.run(
                """
                window.awaited = new Set(\(names));
                document.addEventListener('focusin', ({ target }) => {
                    for (const selector of awaited) if (target.matches(selector)) awaited.delete(selector);
                });
                """
            )
            let most: Int = try await page.evaluate(
                "document.querySelectorAll('a, button, input, select, summary, [tabindex]').length"
            )
            for _ in 0...most {
                try await page.press(.tab)
                if try await page.evaluate("awaited.size") == 0 { break }
            }
            let missed: [String] = try await page.evaluate("[...awaited]")
            #expect(missed == [])
        }

        /// How bright the ground and the letters of the page are, 0 to 1.
        private static let brightness = """
            (() => {
                const brightness = (colour) => {
                    const pen = document.createElement('canvas').getContext('2d');
                    pen.fillStyle = 'white';
                    pen.fillRect(0, 0, 1, 1);
                    pen.fillStyle = colour;
                    pen.fillRect(0, 0, 1, 1);
                    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
                    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
                };
                // The colour of a page without a ground of its own is the browser's, which depends on the page's scheme.
                const sheet = document.body.appendChild(document.createElement('i'));
                sheet.style.backgroundColor = 'canvas';
                const grounds = [document.body, document.documentElement, sheet]
                    .map((element) => getComputedStyle(element).backgroundColor);
                sheet.remove();
                const ground = grounds.find((colour) => colour !== 'rgba(0, 0, 0, 0)');
                return [brightness(ground), brightness(getComputedStyle(document.body).color)];
            })()
            """
    }
}
