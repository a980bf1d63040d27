import Testing

extension InBrowser {
    @Suite struct ExamplePagesTests {
        /// Every example that shows messages, by the name of its file.
        static let names = ["short-polling", "long-polling", "iframe", "stream", "sse", "websocket", "publish"]

        @Test(arguments: names) func whatIsTypedComesBack(example: String) async throws {
            try await Chromium.visit("/examples/\(example).html") { page, _ in
                for (count, text) in ["Hello from a test", "<b>and</b> again 🐦"].enumerated() {
                    try await page.type("#text", text)
                    try await page.click("#send")
                    try await page.wait(until: "document.body.dataset.received === '\(count + 1)'")
                    let shown: String = try await page.evaluate("document.querySelector('#messages li').textContent")
                    #expect(shown.hasPrefix(text))
                }
                #expect(try await page.evaluate("document.querySelectorAll('#messages li').length") == 2)
                let origin: String = try await page.evaluate("document.querySelector('#origin').textContent")
                #expect(try await page.evaluate("location.host") == origin.split(separator: "/").last.map(String.init))
            }
        }

        @Test func picturesFollowEachOther() async throws {
            try await Chromium.visit("/examples/multipart-image.html") { page, _ in
                try await page.wait(until: "document.querySelector('img').naturalWidth === 320")
                try await page.wait(until: "Number(document.body.dataset.received) > 1")
                try await page.wait(
                    until: "document.querySelector('#messages li').textContent.startsWith('Picture of 320 × ')"
                )
            }
        }

        /// On a slow network an answer takes longer than the pause between two questions.
        @Test func aSlowPollShowsNothingTwice() async throws {
            try await Chromium.visit { page, site in
                try await page.call(
                    "Page.addScriptToEvaluateOnNewDocument",
                    [
                        "source": """
                        const asked = window.fetch;
                        window.answered = 0;
                        window.fetch = async (...parameters) => {
                            const answer = await asked(...parameters);
                            await new Promise((resolve) => setTimeout(resolve, 1500));
                            answered += 1;
                            return answer;
                        };
                        """
                    ]
                )
                try site.publish("once", to: "example")
                try await page.open("\(site.origin)/examples/short-polling.html")
                try await page.wait(until: "answered === 2 && document.body.dataset.received > 0")
                #expect(try await page.evaluate("document.body.dataset.received") == "1")
            }
        }
    }
}
