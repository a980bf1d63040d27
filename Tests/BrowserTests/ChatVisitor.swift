/// Somebody in a chat room: the chat page, behind its entry.
struct ChatVisitor {
    let page: Page
    let name: String

    /// Fills in the entry and goes in, as a visitor does, and waits until the room is live.
    static func enter(_ room: String, as name: String, in page: Page, at site: Site) async throws -> ChatVisitor {
        try await page.open("\(site.origin)/chat?room=\(room)")
        try await page.type("#nickname", name)
        try await page.click("#enter")
        let visitor = ChatVisitor(page: page, name: name)
        try await visitor.page.wait(until: "document.body.dataset.state === 'live'")
        return visitor
    }

    /// Writes a message and presses Enter.
    func say(_ text: String) async throws {
        try await page.type("#message", text)
        try await page.press(.enter)
    }

    /// Goes on over another transport, by the selector.
    func follow(over transport: String) async throws {
        try await page.run(
            """
            const select = document.querySelector('#transport');
            select.value = '\(transport)';
            select.dispatchEvent(new Event('change', { bubbles: true }));
            """
        )
        try await page.wait(until: "document.body.dataset.state === 'live'")
    }

    /// Waits until exactly these messages stand in the log, all of them confirmed by the server.
    func wait(forMessages texts: [String]) async throws {
        try await wait(for: texts, in: "#log .said:not(.pending) .text")
    }

    /// Waits until something of this kind stands in the log.
    func wait(forEvent words: String) async throws {
        try await page.wait(
            until:
                "[...document.querySelectorAll('#log .event')].some((line) => line.textContent.startsWith('\(words) ·'))"
        )
    }

    /// Waits until exactly these names are in the roster.
    func wait(forRoster names: [String]) async throws {
        try await wait(for: names, in: "#roster li")
    }

    private func wait(for texts: [String], in selector: String) async throws {
        let wanted = JSONValue.array(texts.map(JSONValue.string)).description
        try await page.wait(
            until: """
                (() => {
                    const seen = [...document.querySelectorAll('\(selector)')].map(({ textContent }) => textContent);
                    if (JSON.stringify(seen) !== JSON.stringify(\(wanted))) throw new Error(JSON.stringify(seen));
                    return true;
                })()
                """
        )
    }
}
