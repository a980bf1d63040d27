import ApusCore
import Testing

extension InBrowser {
    /// Messages are scripts in the iframe's document; none may become a script of its own (`spec/channels.md` §4.3).
    @Suite struct IframeInjectionTests {
        private static let hostile = [
            "</script><script>parent.pwned=1</script>", "</SCRIPT ><img src=x onerror=parent.pwned=1>",
            "<!--<script>", "<!--", "-->", "]]>", "\u{2028}\u{2029}\u{FEFF}\u{0}\u{7F}",
            #"\"});parent.pwned=1;//"#, "'+(parent.pwned=1)+'", "${parent.pwned=1}", "\\u003c/script>", "&lt;&amp;",
        ]

        /// The same text wherever JSON has a place for it.
        private static let documents = [
            #"{"__proto__":{"polluted":1}}"#, #"[{"\u005f_proto__":[],"constructor":{"prototype":1}}]"#,
            #"{"__proto__":1,"a":{"__proto__":"</script><script>parent.pwned=1</script>"}}"#,
            #"{"</script><script>parent.pwned=1</script>":"<!--<script>"}"#,
            "{\"\u{2028}\":\"\u{2029}\"}", #""\ud800""#, "1e400", "-0",
        ]

        @Test func noMessageBecomesAScript() async throws {
            try await Chromium.visit("/examples/") { page, site in
                for text in Self.hostile { try site.publish(text, to: "hostile") }
                for json in Self.documents { try site.publish(json, .json, to: "hostile") }
                // The same in the other members that a publisher chooses.
                let script = "</script><script>parent.pwned=1</script>"
                try site.publish("named", event: script, id: script, to: "hostile")
                try site.publish("typed", ContentType("text/plain;x=\"\(script)\""), to: "hostile")
                let count = Self.hostile.count + Self.documents.count + 2
                try await page.run(
                    """
                    window.seen = [];
                    window.got = (message) => seen.push(message);
                    const frame = document.createElement('iframe');
                    frame.src = '/channels/hostile?transport=iframe&callback=got&since=start';
                    document.body.append(frame);
                    """
                )
                try await page.wait(until: "seen.length === \(count)")
                let texts: [String] = try await page.evaluate(
                    "seen.slice(0, \(Self.hostile.count)).map(({ data }) => data)"
                )
                #expect(texts == Self.hostile)
                // What JSON.parse makes of the same bytes, own members, prototypes and all.
                let expected = JSONValue.array(Self.documents.map(JSONValue.string)).description
                let differing: [String] = try await page.evaluate(
                    """
                    (() => {
                        const same = (a, b) => Object.is(a, b) || (a !== null && b !== null && typeof a === 'object'
                            && typeof b === 'object' && Array.isArray(a) === Array.isArray(b)
                            && JSON.stringify(Object.getOwnPropertyNames(a)) === JSON.stringify(Object.getOwnPropertyNames(b))
                            && Object.getOwnPropertyNames(a).every((name) => same(a[name], b[name])));
                        const received = seen.slice(\(Self.hostile.count));
                        return \(expected).filter((json, i) => !same(received[i].data, JSON.parse(json)));
                    })()
                    """
                )
                #expect(differing == [])
                #expect(try await page.evaluate("seen.at(-2).event + seen.at(-2).id") == script + script)
                #expect(try await page.evaluate("seen.at(-1).type") == "text/plain;x=\"\(script)\"")
                #expect(try await page.evaluate("window.pwned", as: Int?.self) == nil)
                #expect(try await page.evaluate("({}).polluted", as: Int?.self) == nil)
                // Each message is one script, and nothing else is in the document.
                #expect(
                    try await page.evaluate("document.querySelector('iframe').contentDocument.scripts.length") == count
                )
                #expect(try await page.evaluate("document.querySelector('iframe').contentDocument.images.length") == 0)
            }
        }

        @Test func aCallbackIsANameAndNothingElse() async throws {
            try await Chromium.visit("/examples/") { page, _ in
                for callback in ["alert(1)//", "a;b", "a b", "a\nb", "</script>", "a[0]", ".a", "a.", "é", ""] {
                    let literal = JSONValue.string(callback).description
                    let status: Int = try await page.evaluate(
                        """
                        fetch('/channels/hostile?transport=iframe&callback=' + encodeURIComponent(\(literal)))
                            .then(({ status }) => status)
                        """
                    )
                    #expect(status == 400, "callback \(literal)")
                }
                // The browser reports every refused request.
                #expect(page.takeErrors().allSatisfy { $0.kind == .browser && $0.text.contains("400") })
            }
        }
    }
}
