import ApusCore
import Testing

extension InBrowser {
    @Suite struct BoardTests {
        @Test func everythingOnTheBoardMoves() async throws {
            try await Chromium.visit("/board") { page, _ in
                try await page.wait(until: "document.body.dataset.state === 'live'")
                try await page.wait(
                    until: "['quotes', 'weather', 'tickets'].every((kind) => Number(document.body.dataset[kind]) > 0)"
                )
                try await page.wait(until: "document.querySelector('.picture.shown #camera').naturalWidth === 320")
                try await page.run(
                    """
                    window.look = () => {
                        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
                        canvas.getContext('2d').drawImage(document.querySelector('#camera'), 0, 0);
                        return canvas.toDataURL();
                    };
                    window.before = { ...document.body.dataset, picture: look() };
                    """
                )
                for kind in ["quotes", "weather", "tickets"] {
                    try await page.wait(until: "Number(document.body.dataset.\(kind)) > Number(before.\(kind))")
                }
                try await page.wait(until: "look() !== before.picture")
                // What the page says about itself is also what it shows.
                #expect(
                    try await page.evaluate("document.querySelectorAll('#quotes li .price:not(:empty)').length > 2")
                        == true
                )
                #expect(
                    try await page.evaluate("document.querySelectorAll('#weather li .temperature').length > 0") == true
                )
                #expect(try await page.evaluate("document.querySelectorAll('#tickets li .status').length > 0") == true)
                #expect(
                    try await page.evaluate("[...document.querySelectorAll('.empty')].every((e) => !e.offsetParent)")
                        == true
                )
            }
        }

        @Test func aQuotePublishedByHandIsShown() async throws {
            try await Chromium.visit("/board") { page, site in
                let quote = #"{"symbol":"<b>APUS","price":1234.5,"change":-1.5}"#
                try site.publish(quote, .json, event: "quote", to: "board")
                try await page.wait(
                    until:
                        "[...document.querySelectorAll('#quotes li')].some((row) => row.textContent === '<b>APUS1,234.50-1.50')"
                )
            }
        }
    }
}
