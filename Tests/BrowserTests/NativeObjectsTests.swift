import ApusCore
import Testing

extension InBrowser {
    /// What a browser has by itself, without any script of ours: the wire contract as a stranger's page would use it.
    @Suite struct NativeObjectsTests {
        /// A page of the server that runs no script.
        private static let blank = "/examples/"

        // MARK: EventSource

        @Test func anEventSourceHearsNamesLinesAndIds() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try await page.run(
                    """
                    window.seen = [];
                    window.source = new EventSource('/channels/native?since=start');
                    const hear = ({ type, data, lastEventId }) => seen.push([type, data, lastEventId]);
                    for (const type of ['message', 'price', 'préçis 🐦', 'gap']) source.addEventListener(type, hear);
                    """
                )
                try await page.wait(until: "source.readyState === EventSource.OPEN")
                try site.publish("plain", to: "native")
                try site.publish("one\ntwo\r\nthree\rfour\n", event: "price", to: "native")
                try site.publish(#"{"n": [1, 2]}"#, .json, event: "préçis 🐦", to: "native")
                try site.publish("", to: "native")
                try site.publish(" id: 1\n\ndata: 2", to: "native")
                try site.publish(bytes: [0xFF, 0x00], .binary, to: "native")
                try await page.wait(until: "seen.length === 6")
                #expect(
                    try await page.evaluate("seen.map(([type, data]) => [type, data])")
                        == JSONValue.array([
                            ["message", "plain"], ["price", "one\ntwo\nthree\nfour\n"],
                            ["préçis 🐦", #"{"n": [1, 2]}"#],
                            ["message", ""], ["message", " id: 1\n\ndata: 2"],
                            ["message", "data:application/octet-stream;base64,/wA="],
                        ])
                )
                let cursors: [String] = try await page.evaluate("seen.map(([, , cursor]) => cursor)")
                #expect(cursors.map { $0.split(separator: "-").last } == ["1", "2", "3", "4", "5", "6"])
            }
        }

        @Test func anEventSourceComesBackByItselfAndMissesNothing() async throws {
            try await Site.with { site in
                let proxy = try await CuttingProxy.start(to: site.port)
                do {
                    try await Chromium.shared.withPage(Site.origin(port: proxy.port) + Self.blank) { page in
                        try await page.run(
                            """
                            window.seen = [];
                            window.opened = 0;
                            window.source = new EventSource('/channels/native');
                            source.onopen = () => { opened += 1; };
                            source.onmessage = ({ data, lastEventId }) => {
                                seen.push(data);
                                window.last = lastEventId;
                            };
                            """
                        )
                        try await page.wait(until: "opened === 1")
                        // Cut before the first message: the server's very first id is what it resumes from.
                        await proxy.cut()
                        for number in 1...3 { try site.publish("\(number)", to: "native") }
                        try await page.wait(until: "opened === 2 && seen.length === 3")
                        let cursor: String = try await page.evaluate("last")
                        await proxy.cut()
                        for number in 4...200 { try site.publish("\(number)", to: "native") }
                        try await page.wait(until: "opened === 3 && seen.length === 200")
                        try site.publish("201", to: "native")
                        try await page.wait(until: "seen.length === 201")
                        #expect(try await page.evaluate("seen") == (1...201).map(String.init))
                        #expect(proxy.sent.lowercased().contains("\r\nlast-event-id: \(cursor)\r\n"))
                        #expect(page.errors.allSatisfy { $0.kind == .browser && $0.text.contains("net::ERR_") })
                    }
                } catch {
                    await proxy.close()
                    throw error
                }
                await proxy.close()
            }
        }

        // MARK: WebSocket

        @Test func aRawSocketCarriesTextAndBytesBothWays() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try await page.run(
                    """
                    window.seen = [];
                    const url = location.origin.replace('http', 'ws') + '/channels/native?since=now';
                    window.socket = new WebSocket(url, 'apus.raw.v1');
                    socket.onmessage = ({ data }) => seen.push(data);
                    await new Promise((resolve) => { socket.onopen = resolve; });
                    """
                )
                #expect(try await page.evaluate("socket.protocol") == "apus.raw.v1")
                try site.publish("Grüße", to: "native")
                try site.publish(bytes: [0, 1, 255], .binary, to: "native")
                try await page.wait(until: "seen.length === 2")
                try await page.run("socket.binaryType = 'arraybuffer'")
                try site.publish(bytes: [2, 254], .binary, to: "native")
                try await page.wait(until: "seen.length === 3")
                try await page.run(
                    """
                    socket.send('from the page');
                    socket.send(new Uint8Array([9, 8, 7]));
                    """
                )
                try await page.wait(until: "seen.length === 5")
                let seen: JSONValue = try await page.evaluate(
                    """
                    Promise.all(seen.map(async (data) => {
                        if (typeof data === 'string') return data;
                        const bytes = data instanceof Blob ? await data.arrayBuffer() : data;
                        return [data.constructor.name, ...new Uint8Array(bytes)];
                    }))
                    """
                )
                #expect(
                    seen
                        == .array([
                            "Grüße", ["Blob", 0, 1, 255], ["ArrayBuffer", 2, 254], "from the page",
                            ["ArrayBuffer", 9, 8, 7],
                        ])
                )
                let history: [[String]] = try await page.evaluate(
                    """
                    fetch('/channels/native/history').then((answer) => answer.json())
                        .then(({ messages }) => messages.map(({ type, data }) => [type, data]))
                    """
                )
                #expect(
                    history.suffix(2) == [
                        ["text/plain;charset=utf-8", "from the page"], ["application/octet-stream", "CQgH"],
                    ]
                )
            }
        }

        @Test func anEnvelopeSocketSaysHelloAndAnswersPublishes() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try site.publish("before", id: "m-1", to: "a")
                try await page.run(
                    """
                    window.seen = [];
                    const url = location.origin.replace('http', 'ws') + '/channels/a,b?since=start';
                    window.socket = new WebSocket(url, ['unknown', 'apus.envelope.v1']);
                    socket.onmessage = ({ data }) => seen.push(JSON.parse(data));
                    await new Promise((resolve) => { socket.onopen = resolve; });
                    socket.send(JSON.stringify({ channel: 'b', event: 'e', data: { n: 1 }, ref: 7 }));
                    """
                )
                try await page.wait(until: "seen.length === 4")
                #expect(try await page.evaluate("socket.protocol") == "apus.envelope.v1")
                #expect(try await page.evaluate("seen[0].hello.channels") == ["a", "b"])
                #expect(
                    try await page.evaluate("[seen[1].channel, seen[1].id, seen[1].data]") == ["a", "m-1", "before"]
                )
                // The answer and the message have no order among themselves.
                #expect(try await page.evaluate("seen.find(({ ref }) => ref === 7).published.offset") == 1)
                #expect(
                    try await page.evaluate(
                        "(({ channel, event, data }) => [channel, event, data])(seen.find(({ event }) => event))"
                    )
                        == JSONValue.array(["b", "e", ["n": 1]])
                )
                try await page.run("socket.send(JSON.stringify({ channel: 'c', data: 1, ref: 8 }))")
                try await page.wait(until: "seen.length === 5")
                #expect(
                    try await page.evaluate("[seen[4].ref, typeof seen[4].error.code]")
                        == JSONValue.array([8, "string"])
                )
            }
        }

        // MARK: Documents, fetch, pictures

        @Test func anIframeCallsBack() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try await page.run(
                    """
                    window.seen = [];
                    window.deep = { down: { here: (message) => seen.push(message) } };
                    const frame = document.createElement('iframe');
                    frame.src = '/channels/native?transport=iframe&callback=deep.down.here&since=start';
                    document.body.append(frame);
                    """
                )
                try site.publish("first", event: "e", id: "i", to: "native")
                try await page.wait(until: "seen.length === 1")
                try site.publish("[1,{}]", .json, to: "native")
                try await page.wait(until: "seen.length === 2")
                #expect(
                    try await page.evaluate("seen.map(({ event, id, type, data }) => [event, id, type, data])")
                        == JSONValue.array([
                            ["e", "i", "text/plain;charset=utf-8", "first"], [.null, .null, .null, [1, [:]]],
                        ])
                )
            }
        }

        @Test func pollsAreAnswered304WhenNothingIsNew() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try site.publish("1", .json, to: "native")
                try await page.run(
                    """
                    window.statuses = [];
                    window.seen = [];
                    (async () => {
                        let etag;
                        while (seen.length < 3) {
                            const since = etag ? `&since=${encodeURIComponent(etag)}` : '';
                            const headers = etag ? { 'If-None-Match': etag } : {};
                            const answer = await fetch(`/channels/native?transport=poll${since}`, { headers });
                            etag = answer.headers.get('ETag');
                            statuses.push(answer.status);
                            if (answer.status === 200) for (const { data } of await answer.json()) seen.push(data);
                        }
                    })();
                    """
                )
                for number in 2...3 {
                    try await page.wait(until: "seen.length === \(number - 1) && statuses.at(-1) === 304")
                    try site.publish("\(number)", .json, to: "native")
                }
                try await page.wait(until: "seen.length === 3")
                #expect(try await page.evaluate("seen") == [1, 2, 3])
                #expect(try await page.evaluate("[...new Set(statuses)]") == [200, 304])
                #expect(try await page.evaluate("statuses.filter((status) => status === 200).length") == 3)
            }
        }

        @Test func aStreamIsReadLineByLine() async throws {
            try await Chromium.visit(Self.blank) { page, site in
                try await page.run(
                    """
                    window.seen = [];
                    const answer = await fetch('/channels/native', { headers: { Accept: 'application/x-ndjson' } });
                    window.type = answer.headers.get('Content-Type');
                    (async () => {
                        let rest = '';
                        for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
                            const lines = (rest + text).split('\\n');
                            rest = lines.pop();
                            for (const line of lines) if (line) seen.push(JSON.parse(line).data);
                        }
                    })();
                    """
                )
                #expect(try await page.evaluate("type") == "application/x-ndjson")
                let large = String(repeating: "Vögel 🐦\n", count: 20_000)
                try site.publish("small", to: "native")
                try site.publish(large, to: "native")
                try site.publish("[null]", .json, to: "native")
                try await page.wait(until: "seen.length === 3")
                #expect(
                    try await page.evaluate("[seen[0], seen[1] === 'Vögel 🐦\\n'.repeat(20000), seen[2]]")
                        == JSONValue.array(["small", true, [.null]])
                )
            }
        }

        @Test func anImageShowsOnePictureAfterAnother() async throws {
            try await Chromium.visit(Self.blank) { page, _ in
                try await page.run(
                    """
                    window.picture = document.createElement('img');
                    picture.src = '/channels/camera?transport=stream&format=replace';
                    document.body.append(picture);
                    window.look = () => {
                        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
                        canvas.getContext('2d').drawImage(picture, 0, 0);
                        return canvas.toDataURL();
                    };
                    """
                )
                try await page.wait(until: "picture.naturalWidth === 320 && picture.naturalHeight > 0")
                try await page.run("window.first = look()")
                try await page.wait(until: "look() !== first")
                try await page.run("window.second = look()")
                try await page.wait(until: "look() !== second")
            }
        }
    }
}
