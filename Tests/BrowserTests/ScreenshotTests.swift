import Foundation
import Testing

extension InBrowser {
    /// The pictures for the documentation: `APUS_SCREENSHOTS=docs/images swift test --filter ScreenshotTests`.
    @Suite(.enabled(if: ScreenshotFolder.path != nil)) struct ScreenshotTests {
        private func save(_ page: Page, as name: String) async throws {
            let folder = try #require(ScreenshotFolder.path)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // Colours and opacities come slowly; what is still on its way to them would look unfinished.
            try await page.wait(until: "document.getAnimations().length === 0", deadline: .seconds(20))
            try await page.screenshot("\(folder)/\(name).png")
        }

        @Test func transports() async throws {
            try await Chromium.visit { page, site in
                try await page.emulate(width: 1400, height: 1340)
                try await page.open("\(site.origin)/?channel=swifts")
                try await page.wait(until: "document.querySelectorAll('article[data-state=live]').length === 7")
                try await page.click("#every-second")
                let isHeard =
                    "[...document.querySelectorAll('article[data-transport]')].every((card) => card.dataset.received >= "
                for count in [15, 30, 45] {
                    try await page.wait(until: "\(isHeard)\(count))", deadline: .seconds(60))
                    if count == 15 { try await page.click("#send") }
                }
                try await page.run("scrollTo(0, 0); document.activeElement.blur()")
                try await save(page, as: "transports")
                try await page.emulate(width: 1400, height: 1340, dark: true)
                try await page.wait(until: "\(isHeard)47)", deadline: .seconds(60))
                try await save(page, as: "transports-dark")
            }
        }

        @Test func chat() async throws {
            try await Chromium.visit { page, site in
                try await page.emulate(width: 1400, height: 860)
                let ada = try await ChatVisitor.enter("lobby", as: "Ada", in: page, at: site)
                var others: [String: ChatVisitor] = [:]
                for name in ["Grace", "Radia", "Lin"] {
                    others[name] = try await ChatVisitor.enter(
                        "lobby",
                        as: name,
                        in: Chromium.shared.newPage(),
                        at: site
                    )
                    try await ada.wait(forEvent: "\(name) came in")
                }
                let conversation = [
                    ("Grace", "Good morning! Did the swifts come back yet?"),
                    ("Ada", "Last night. A dozen of them, screaming around the tower."),
                    ("Radia", "They sleep up there, you know. One half of the brain at a time."),
                    ("Lin", "And they don’t land for ten months."),
                    ("Lin", "I read this on the train, over long polling. The tunnel took nothing from me."),
                    ("Grace", "I’m on a WebSocket, and Radia insists on an iframe."),
                    ("Radia", "It was good enough in 1999!"),
                    ("Ada", "Same messages, same order, for all of us. That’s the idea."),
                ]
                var said: [String] = []
                for (name, text) in conversation {
                    try await (others[name] ?? ada).say(text)
                    said.append(text)
                    try await ada.wait(forMessages: said)
                }
                try await save(page, as: "chat")
                for visitor in others.values { await visitor.page.close() }
            }
        }

        @Test func board() async throws {
            try await Chromium.visit { page, site in
                try await page.emulate(width: 1400, height: 1200)
                try await page.open("\(site.origin)/board")
                try await page.wait(until: "document.body.dataset.tickets >= 8", deadline: .seconds(60))
                try await page.wait(until: "document.querySelector('.picture.shown')")
                try await save(page, as: "board")
            }
        }
    }
}

/// Where pictures go; nil when none are asked for.
private enum ScreenshotFolder {
    static let path = ProcessInfo.processInfo.environment["APUS_SCREENSHOTS"]
}
