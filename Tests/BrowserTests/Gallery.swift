import ApusCore

/// The page of all transports: a card for each, which tells of itself in `data-*` attributes.
struct Gallery {
    /// The cards, by the names of their transports.
    static let transports = [
        "websocket", "sse", "stream", "multipart", "iframe", "long-polling", "short-polling",
    ]

    let page: Page
    /// The channel that all cards follow.
    let channel: String

    /// Opens the page on a channel of its own, which this page does not publish to by itself, with all cards live.
    static func open(in page: Page, at site: Site) async throws -> Gallery {
        let channel = "test-\(UInt32.random(in: .min ... .max))"
        try await page.open("\(site.origin)/?channel=\(channel)")
        let gallery = Gallery(page: page, channel: channel)
        try await gallery.wait(until: "card.state === 'live'")
        // Short polls as often as the page allows: nothing here is about their interval.
        try await page.run(
            """
            const interval = document.querySelector('#interval');
            interval.value = interval.min;
            interval.dispatchEvent(new Event('input', { bubbles: true }));
            """
        )
        return gallery
    }

    /// Waits until a condition on `card`, its data, holds for all seven cards at once, or for some of them.
    func wait(until condition: String, of chosen: [String] = transports, deadline: Duration = .seconds(20)) async throws
    {
        let names = chosen.map { "'\($0)'" }.joined(separator: ", ")
        try await page.wait(
            until: """
                [\(names)].every((name) => {
                    const card = document.querySelector(`article[data-transport="${name}"]`)?.dataset;
                    if (!card || !(\(condition))) throw new Error(`${name}: ${JSON.stringify(card)}`);
                    return true;
                })
                """,
            deadline: deadline
        )
    }

    /// Waits until the cards have received exactly so many messages, each once.
    func wait(forExactly count: Int, of chosen: [String] = transports, gaps: Int = 0) async throws {
        try await wait(
            until:
                "card.received === '\(count)' && card.lost === '0' && card.duplicates === '0' && card.gaps === '\(gaps)'",
            of: chosen
        )
    }

    /// Presses a card's button.
    func press(_ button: String, of transport: String) async throws {
        try await page.click("article[data-transport='\(transport)'] .\(button)")
    }

    /// Publishes a hundred messages from the page.
    func publishBurst() async throws {
        try await page.click("#burst")
    }

    /// Publishes numbered messages from the server's side, as a page would, under a publisher's name.
    func publish(_ numbers: ClosedRange<Int>, as publisher: String, at site: Site) throws {
        for number in numbers {
            let data = #"{"publisher":"\#(publisher)","number":\#(number),"at":0,"text":"from the server"}"#
            try site.publish(data, .json, event: "gallery", to: channel)
        }
    }
}
