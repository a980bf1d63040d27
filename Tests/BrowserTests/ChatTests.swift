import Testing

extension InBrowser {
    @Suite struct ChatTests {
        /// Two tabs of one browser in a room, with Ada and Grace in them.
        private func withTwo(_ body: (_ ada: ChatVisitor, _ grace: ChatVisitor, Site) async throws -> Void) async throws
        {
            try await Chromium.visit { page, site in
                let ada = try await ChatVisitor.enter("tests", as: "Ada", in: page, at: site)
                let tab = try await Chromium.shared.newPage(sharing: page)
                do {
                    try await body(ada, ChatVisitor.enter("tests", as: "Grace", in: tab, at: site), site)
                    #expect(tab.errors.isEmpty)
                } catch {
                    await tab.close()
                    throw error
                }
                await tab.close()
            }
        }

        @Test func visitorsSeeEachOtherComeSpeakAndGo() async throws {
            try await withTwo { ada, grace, site in
                try await ada.wait(forEvent: "Grace came in")
                try await ada.wait(forRoster: ["Ada (you)", "Grace"])
                try await grace.wait(forRoster: ["Ada", "Grace (you)"])
                try await ada.say("Good evening")
                try await grace.wait(forMessages: ["Good evening"])
                try await grace.say("You are up late 🐦")
                for visitor in [ada, grace] {
                    try await visitor.wait(forMessages: ["Good evening", "You are up late 🐦"])
                }
                #expect(try await ada.page.evaluate("document.querySelectorAll('#log .own').length") == 1)
                try await grace.page.open("\(site.origin)/examples/")
                try await ada.wait(forEvent: "Grace left")
                try await ada.wait(forRoster: ["Ada (you)"])
            }
        }

        @Test func whoeverComesLaterReadsWhatWasSaid() async throws {
            try await withTwo { ada, grace, site in
                let said = (1...5).map { "number \($0)" }
                for (index, text) in said.enumerated() {
                    try await (index % 2 == 0 ? ada : grace).say(text)
                    try await ada.wait(forMessages: Array(said[...index]))
                }
                let later = try await ChatVisitor.enter("tests", as: "Lin", in: grace.page, at: site)
                try await later.wait(forMessages: said)
                try await later.wait(forEvent: "Grace left")
                try await later.wait(forRoster: ["Ada", "Lin (you)"])
                // Other rooms hear nothing of it.
                let elsewhere = try await ChatVisitor.enter("elsewhere", as: "Lin", in: grace.page, at: site)
                try await elsewhere.wait(forRoster: ["Lin (you)"])
                try await elsewhere.wait(forMessages: [])
            }
        }

        @Test func changingTheTransportLosesNothing() async throws {
            try await withTwo { ada, grace, _ in
                var said: [String] = []
                for transport in Gallery.transports.reversed() {
                    // Said while the other one is between two transports.
                    try await grace.say("to \(transport)")
                    try await ada.follow(over: transport)
                    said.append("to \(transport)")
                    try await ada.wait(forMessages: said)
                    try await ada.say("over \(transport)")
                    said.append("over \(transport)")
                    try await ada.wait(forMessages: said)
                    try await grace.wait(forMessages: said)
                }
                #expect(said.count == 14)
            }
        }

        @Test func markupStaysText() async throws {
            try await withTwo { ada, grace, site in
                let texts = [
                    "<script>window.pwned = 1</script>", "<img src=x onerror='window.pwned = 1'>", "</script><!--",
                    "&lt;b&gt;",
                ]
                for (index, text) in texts.enumerated() {
                    try await ada.say(text)
                    try await grace.wait(forMessages: Array(texts[...index]))
                }
                try await ada.wait(forMessages: texts)
                let nasty = try await ChatVisitor.enter("tests", as: "<i onclick=alert()>", in: grace.page, at: site)
                try await nasty.wait(forMessages: texts)
                try await ada.wait(forEvent: "<i onclick=alert()> came in")
                for visitor in [ada, nasty] {
                    #expect(try await visitor.page.evaluate("window.pwned", as: Int?.self) == nil)
                    #expect(
                        try await visitor.page.evaluate(
                            "document.querySelectorAll('#log script, #log img, #log i, #roster i').length"
                        ) == 0
                    )
                }
            }
        }
    }
}
