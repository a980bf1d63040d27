import ApusServer
import ApusTestSupport
import Testing

/// Requests that are HTTP and yet ask for nonsense (`spec/channels.md` §1 to §5).
@Suite("Hostile: parameters")
struct HostileParameterTests {
    /// A request and what it is refused with.
    struct Case: Sendable, CustomTestStringConvertible {
        var method = "GET"
        var target: String
        var fields: [String] = []
        var body: [UInt8]?
        var status = 400
        var code: String

        init(_ target: String, _ code: String, status: Int = 400, fields: [String] = []) {
            self.target = target
            self.code = code
            self.status = status
            self.fields = fields
        }

        /// A publish.
        init(post target: String, _ type: String?, _ body: some Sequence<UInt8>, _ code: String, status: Int = 400) {
            method = "POST"
            self.target = target
            fields = type.map { ["Content-Type: \($0)"] } ?? []
            self.body = Array(body)
            self.code = code
            self.status = status
        }

        var testDescription: String { "\(method) \(target.prefix(60)) \(fields.joined().prefix(60))" }
    }

    static let names: [Case] = [
        Case("/channels/", "not-found", status: 404),
        Case("/channels", "not-found", status: 404),
        Case("/channels/a/b", "not-found", status: 404),
        Case("/channels/a/history/", "not-found", status: 404),
        Case("/channels/.", "invalid-channel"),
        Case("/channels/..", "invalid-channel"),
        Case("/channels/%2e%2E", "invalid-channel"),
        Case("/channels/%00", "invalid-channel"),
        Case("/channels/a%0d%0ab", "invalid-channel"),
        Case("/channels/a%20b", "invalid-channel"),
        Case("/channels/a%7f", "invalid-channel"),
        Case("/channels/%C3%BC", "invalid-channel"),
        Case("/channels/%ff", "invalid-channel"),
        Case("/channels/%", "invalid-channel"),
        Case("/channels/%4", "invalid-channel"),
        Case("/channels/%zz", "invalid-channel"),
        Case("/channels/\(String(repeating: "x", count: 256))", "invalid-channel"),
        Case("/channels/a,a", "invalid-channel"),
        Case("/channels/a,,b", "invalid-channel"),
        Case("/channels/,", "invalid-channel"),
        Case("/channels/\((1...17).map { "\($0)" }.joined(separator: ","))", "invalid-channel"),
        Case("/channels/a,b/history", "invalid-channel"),
    ]

    static let cursors: [Case] =
        [
            "x", "-", "-1", "k-", "k--1", "k-01", "k-+1", "K-1", "k_1", "k-1.", ".k-1", "k-1.k-2", "k-1,k-2",
            "abcdefgh-1",
            "k-9007199254740992", "k-99999999999999999999", "0-1", "k-1%00", "k-1%20", "%22k-1", "W/k-1", "Start", "",
            String(repeating: "k-1.", count: 5_00) + "k-1",
        ].map { Case("/channels/a?since=\($0)", "invalid-cursor") }
        + [
            Case("/channels/a,b?since=k-1", "invalid-cursor"),
            Case("/channels/a", "invalid-cursor", fields: ["Last-Event-ID: nonsense"]),
            Case("/channels/a?Last-Event-ID=nonsense", "invalid-cursor"),
            Case("/channels/a?lastEventId=nonsense", "invalid-cursor"),
            Case("/channels/a/history?since=nonsense", "invalid-cursor"),
        ]

    static let parameters: [Case] = [
        Case("/channels/a?transport=carrier-pigeon", "invalid-parameter"),
        Case("/channels/a?transport=", "invalid-parameter"),
        Case("/channels/a?transport=sse&transport=poll", "invalid-parameter"),
        Case("/channels/a?transport=websocket", "upgrade-required", status: 426),
        Case("/echo", "upgrade-required", status: 426),
        Case("/channels/a?transport=stream&format=xml", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=0", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=61", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=-1", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=1.5", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=1e1", "invalid-parameter"),
        Case("/channels/a?transport=long-poll&timeout=99999999999999999999", "invalid-parameter"),
        Case("/channels/a?transport=iframe&callback=alert(1)", "invalid-parameter"),
        Case("/channels/a?transport=iframe&callback=", "invalid-parameter"),
        Case("/channels/a?transport=iframe&callback=a..b", "invalid-parameter"),
        Case("/channels/a?transport=iframe&callback=%3C/script%3E", "invalid-parameter"),
        Case("/channels/a?transport=iframe&callback=\(String(repeating: "a", count: 65))", "invalid-parameter"),
        Case("/channels/a?transport=sse&envelope=1", "invalid-parameter"),
        Case("/channels/a/history?limit=0", "invalid-parameter"),
        Case("/channels/a/history?limit=1001", "invalid-parameter"),
        Case("/channels/a/history?limit=ten", "invalid-parameter"),
        Case("/channels/a/history?reverse=yes", "invalid-parameter"),
        Case("/channels/a?x=%zz", "invalid-parameter"),
        Case("/channels/a?x=%ff", "invalid-parameter"),
        Case("/channels/a?\((0..<65).map { "p\($0)=1" }.joined(separator: "&"))", "invalid-parameter"),
    ]

    static let form = "application/vnd.apus.message+json"

    static let messages: [Case] = [
        Case(post: "/channels/a?event=gap", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?event=", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?event=a%0d%0adata:%20x", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?event=a%0ab", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?event=a%00b", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?event=\(String(repeating: "e", count: 65))", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?id=a%0d%0ab", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?id=a%20b", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a?id=\(String(repeating: "i", count: 129))", nil, "x".utf8, "invalid-message"),
        Case(post: "/channels/a", "nonsense", "x".utf8, "invalid-message"),
        Case(post: "/channels/a", "text/" + String(repeating: "x", count: 255), "x".utf8, "invalid-message"),
        Case(post: "/channels/a", "application/json", "{".utf8, "invalid-message"),
        Case(post: "/channels/a", "application/json", "".utf8, "invalid-message"),
        Case(post: "/channels/a", "application/json", "1 2".utf8, "invalid-message"),
        Case(post: "/channels/a", "application/json", "NaN".utf8, "invalid-message"),
        Case(post: "/channels/a", "application/json", [0x22, 0xFF, 0x22], "invalid-message"),
        Case(post: "/channels/a", "application/problem+json", "{'a':1}".utf8, "invalid-message"),
        Case(
            post: "/channels/a",
            "application/json",
            String(repeating: "[", count: 100_000).utf8,
            "invalid-message"
        ),
        Case(post: "/channels/a", "text/plain", [0xC3, 0x28], "invalid-message"),
        Case(post: "/channels/a", "text/plain", [0xED, 0xA0, 0x80], "invalid-message"),
        Case(post: "/channels/a", form, "".utf8, "invalid-message"),
        Case(post: "/channels/a", form, "[]".utf8, "invalid-message"),
        Case(post: "/channels/a", form, "{}".utf8, "invalid-message"),
        Case(post: "/channels/a", form, #"{"data":"x","event":"gap"}"#.utf8, "invalid-message"),
        Case(post: "/channels/a", form, #"{"data":"x","event":"a\r\nb"}"#.utf8, "invalid-message"),
        Case(
            post: "/channels/a",
            form,
            #"{"data":"!","encoding":"base64","type":"image/png"}"#.utf8,
            "invalid-message"
        ),
        Case(post: "/channels/a", form, #"{"data":"x","encoding":"rot13","type":"image/png"}"#.utf8, "invalid-message"),
        Case(
            post: "/channels/a",
            form,
            "[\((0..<101).map { "{\"data\":\($0)}" }.joined(separator: ","))]".utf8,
            "invalid-message"
        ),
    ]

    @Test("is refused with its own code", arguments: names + cursors + parameters + messages)
    func refuses(_ hostile: Case) async throws {
        let server = try await SharedServer.get()
        let answer = try await HTTPClient.once(
            port: server.port,
            hostile.method,
            hostile.target,
            hostile.fields,
            body: hostile.body
        )
        #expect(answer.status == hostile.status, "\(answer.text)")
        #expect(answer.problemCode == hostile.code, "\(answer.text)")
        #expect(answer.fields.allSatisfy { !$0.value.contains("\n") })
    }

    @Test(
        "a method that a resource has not is 405 with Allow",
        arguments: [
            ("PUT", "/channels/a"), ("PATCH", "/channels/a"), ("POST", "/channels/a,b"), ("DELETE", "/channels/a,b"),
            ("HEAD", "/channels/a,b"), ("DELETE", "/channels/a/history"), ("POST", "/echo"), ("POST", "/"),
            ("TRACE", "/channels/a"), ("PROPFIND", "/channels/a"),
        ]
    )
    func methods(method: String, path: String) async throws {
        let server = try await SharedServer.get()
        let answer = try await HTTPClient.once(port: server.port, method, path, body: method == "HEAD" ? nil : [])
        #expect(answer.status == 405, "\(answer.text)")
        #expect(answer["Allow"]?.contains("GET") == true)
    }

    @Test("of an array with one bad message none is published")
    func allOrNone() async throws {
        try await withServer { server in
            let answer = try await HTTPClient.once(
                port: server.port,
                "POST",
                "/channels/a",
                ["Content-Type: \(Self.form)"],
                body: Array(#"[{"data":1},{"data":2,"event":"gap"}]"#.utf8)
            )
            #expect(answer.status == 400)
            let head = try await HTTPClient.once(port: server.port, "HEAD", "/channels/a")
            #expect(head["Apus-Messages"] == "0")
        }
    }
}
