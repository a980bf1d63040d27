import Testing

extension InBrowser {
    @Suite struct GalleryTests {
        private func withGallery(_ body: (Gallery, Site) async throws -> Void) async throws {
            try await Chromium.visit { page, site in
                try await body(Gallery.open(in: page, at: site), site)
            }
        }

        @Test func everyCardReceivesEveryMessageOnce() async throws {
            try await withGallery { gallery, site in
                try await gallery.publishBurst()
                try gallery.publish(1...50, as: "server", at: site)
                try await gallery.page.type("#text", "and one by hand")
                try await gallery.page.press(.enter)
                try await gallery.wait(forExactly: 151)
                // One more behind them: a late duplicate would stand before it.
                try gallery.publish(51...51, as: "server", at: site)
                try await gallery.wait(forExactly: 152)
                try await gallery.wait(until: "card.reconnects === '0' && Number(card.bytes) > 0")
                try await gallery.page.wait(until: "document.querySelector('#total').textContent.startsWith('1,064')")
                try await gallery.page.wait(until: "document.querySelector('#published').textContent === '101'")
            }
        }

        @Test func whatACutCardMissedComesWhenItResumes() async throws {
            try await withGallery { gallery, _ in
                var published = 0
                for transport in Gallery.transports {
                    let others = Gallery.transports.filter { $0 != transport }
                    try await gallery.press("cut", of: transport)
                    try await gallery.wait(until: "card.state === 'cut'", of: [transport])
                    try await gallery.publishBurst()
                    try await gallery.wait(forExactly: published + 100, of: others)
                    try await gallery.wait(forExactly: published, of: [transport])
                    published += 100
                    try await gallery.press("resume", of: transport)
                    try await gallery.wait(forExactly: published)
                    try await gallery.wait(until: "card.state === 'live' && card.reconnects === '1'", of: [transport])
                    let note = "article[data-transport='\(transport)'] .note"
                    try await gallery.page.wait(
                        until: "document.querySelector(\"\(note)\").textContent === '0 lost, 100 caught up'"
                    )
                }
            }
        }

        @Test func aCardGoesOnFromItsCursorOverAnyOtherTransport() async throws {
            try await withGallery { gallery, _ in
                // The cards hold all connections that a browser opens to a host; the others make room.
                for transport in Gallery.transports where transport != "websocket" {
                    try await gallery.press("cut", of: transport)
                }
                let cards = "[...document.querySelectorAll('article[data-transport]')]"
                try await gallery.page.run("window.card = \(cards).find(({ dataset }) => dataset.state === 'live')")
                let order = Gallery.transports.dropFirst() + ["websocket"]
                for (moves, transport) in order.enumerated() {
                    // In the middle of a burst: the first messages come over the one, the last over the other.
                    try await gallery.page.run(
                        """
                        const before = card.dataset.received;
                        document.querySelector('#burst').click();
                        await new Promise((resolve) => {
                            new MutationObserver((_, observer) => {
                                observer.disconnect();
                                resolve();
                            }).observe(card, { attributes: true, attributeFilter: ['data-received'] });
                        });
                        const select = card.querySelector('.move');
                        select.value = '\(transport)';
                        select.dispatchEvent(new Event('change', { bubbles: true }));
                        """
                    )
                    try await gallery.page.wait(
                        until: """
                            (({ transport, state, received, lost, duplicates, gaps, reconnects }) => {
                                const seen = [transport, state, received, lost, duplicates, gaps, reconnects].join(' ');
                                if (seen !== '\(transport) live \((moves + 1) * 100) 0 0 0 \(moves + 1)')
                                    throw new Error(seen);
                                return true;
                            })(card.dataset)
                            """
                    )
                }
            }
        }

        @Test func aRestartedServerIsOneGapOnEveryCard() async throws {
            let first = try await Site.start()
            var second: Site?
            do {
                try await Chromium.shared.withPage { page in
                    let gallery = try await Gallery.open(in: page, at: first)
                    try gallery.publish(1...10, as: "first", at: first)
                    try await gallery.wait(forExactly: 10)
                    await first.stop()
                    try await gallery.wait(until: "card.state === 'resuming'")
                    let site = try await Site.start(port: first.port)
                    second = site
                    try await gallery.wait(until: "card.state === 'live' && card.gaps === '1'")
                    try gallery.publish(1...10, as: "second", at: site)
                    try await gallery.wait(forExactly: 20, gaps: 1)
                    // Meanwhile nobody listened at that port, which the browser reports.
                    #expect(page.errors.allSatisfy { $0.kind == .browser && $0.text.contains("net::ERR_") })
                }
            } catch {
                await first.stop()
                await second?.stop()
                throw error
            }
            await second?.stop()
        }
    }
}
