import ApusCore
import HTTPTypes
import Testing

@testable import ApusServer

@Suite struct OriginPolicyTests {
    private enum Outcome: Equatable {
        case same
        case allowed(String)
        case refused
    }

    private func decide(_ policy: OriginPolicy, host: String?, origin: String?) -> Outcome {
        var request = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/channels/a")
        request.headerFields[.origin] = origin
        switch policy.decide(request) {
        case .sameOriginOrNone: return .same
        case .allowed(let fields): return .allowed(fields[.accessControlAllowOrigin] ?? "")
        case .refused(let error):
            #expect(error.code == .originNotAllowed)
            return .refused
        }
    }

    private let loopback = OriginPolicy()
    private let open = OriginPolicy(listensOnLoopbackOnly: false)

    @Test func requestsWithoutAnOriginAreAnswered() {
        #expect(decide(loopback, host: "localhost:8080", origin: nil) == .same)
        #expect(decide(open, host: "example.com", origin: nil) == .same)
        #expect(decide(loopback, host: nil, origin: nil) == .same)
    }

    @Test func ownOriginsAreTheSameHostAndPort() {
        #expect(decide(open, host: "example.com:8080", origin: "http://example.com:8080") == .same)
        #expect(decide(open, host: "Example.com", origin: "https://example.com") == .same)
        #expect(decide(open, host: "example.com:443", origin: "https://example.com") == .same)
        #expect(decide(open, host: "[::1]:1", origin: "http://[0::1]:1") == .same)
        #expect(decide(open, host: "example.com:8080", origin: "http://example.com") == .refused)
        #expect(decide(open, host: "example.com", origin: "http://evil.example") == .refused)
        #expect(decide(open, host: "example.com", origin: "http://example.com.evil.example") == .refused)
        #expect(decide(open, host: nil, origin: "http://example.com") == .refused)
    }

    @Test func pagesInPlainTextAreNotOfATLSServersOrigin() {
        let policy = OriginPolicy(listensOnLoopbackOnly: false, overTLS: true)
        #expect(decide(policy, host: "example.com", origin: "http://example.com") == .refused)
        #expect(decide(policy, host: "example.com", origin: "https://example.com") == .same)
    }

    @Test func loopbackOriginsMayUseALoopbackServer() {
        #expect(
            decide(loopback, host: "127.0.0.1:1", origin: "http://localhost:3000") == .allowed("http://localhost:3000")
        )
        #expect(decide(loopback, host: "localhost:1", origin: "http://[::1]:2") == .allowed("http://[::1]:2"))
        #expect(decide(open, host: "127.0.0.1:1", origin: "http://localhost:3000") == .refused)
        #expect(decide(loopback, host: "localhost:1", origin: "http://evil.example") == .refused)
        #expect(decide(loopback, host: "localhost:1", origin: "null") == .refused)
        #expect(decide(loopback, host: "localhost:1", origin: "nonsense") == .refused)
        #expect(decide(loopback, host: "localhost:1", origin: "") == .refused)
    }

    @Test func listedOriginsAreNamedInTheAnswer() throws {
        let origins = try Set(["https://app.example", "null"].map { try #require(WebOrigin($0)) })
        let policy = OriginPolicy(allowed: .these(origins), listensOnLoopbackOnly: false)
        #expect(decide(policy, host: "push.example", origin: "https://app.example") == .allowed("https://app.example"))
        #expect(decide(policy, host: "push.example", origin: "null") == .allowed("null"))
        #expect(decide(policy, host: "push.example", origin: "http://app.example") == .refused)
        var request = HTTPRequest(method: .get, scheme: nil, authority: "push.example", path: "/")
        request.headerFields[.origin] = "https://app.example"
        guard case .allowed(let fields) = policy.decide(request) else {
            Issue.record("refused")
            return
        }
        #expect(fields[.accessControlAllowCredentials] == "true")
        #expect(
            fields[.accessControlExposeHeaders]
                == "ETag, Apus-Cursor, Apus-Event, Apus-Gap, Apus-Messages, Apus-Bytes, Apus-Subscribers"
        )
        #expect(fields[.vary] == "Origin")
    }

    @Test func anyOriginGetsNoCredentials() {
        let policy = OriginPolicy(allowed: .any, listensOnLoopbackOnly: false)
        #expect(decide(policy, host: "a", origin: "http://evil.example") == .allowed("*"))
        #expect(decide(policy, host: "a", origin: nil) == .same)
        var request = HTTPRequest(method: .get, scheme: nil, authority: "a", path: "/")
        request.headerFields[.origin] = "null"
        guard case .allowed(let fields) = policy.decide(request) else {
            Issue.record("refused")
            return
        }
        #expect(fields[.accessControlAllowCredentials] == nil)
    }

    @Test func aLoopbackServerDoesNotAnswerToForeignNames() throws {
        // A rebound name: neither Origin nor Sec-Fetch-* comes with it.
        #expect(decide(loopback, host: "evil.example:8080", origin: nil) == .refused)
        #expect(decide(loopback, host: "evil.example:8080", origin: "http://evil.example:8080") == .refused)
        #expect(decide(loopback, host: "evil example", origin: nil) == .refused)
        #expect(decide(loopback, host: "192.168.1.5:8080", origin: nil) == .same)
        #expect(decide(loopback, host: "app.localhost", origin: nil) == .same)
        let named = try OriginPolicy(hosts: [#require(HostName("push.example"))])
        #expect(decide(named, host: "push.example", origin: "https://push.example") == .same)
        #expect(decide(named, host: "evil.example", origin: nil) == .refused)
        #expect(decide(named, host: "localhost", origin: nil) == .same)
        let trusting = try OriginPolicy(allowed: .these([#require(WebOrigin("https://app.example"))]))
        #expect(decide(trusting, host: "app.example", origin: nil) == .same)
    }

    @Test func theTargetsAuthorityCountsBeforeHost() throws {
        let request = HTTPRequest(method: .get, scheme: nil, authority: "localhost", path: "http://evil.example/")
        guard case .refused = try loopback.decide(request, target: RequestTarget("http://evil.example/")) else {
            Issue.record("answered")
            return
        }
    }

    @Test func preflightsAreToldMethodsAndHeaders() throws {
        let fields = OriginPolicy.preflight(methods: [.get, .post])
        #expect(fields[.accessControlAllowMethods] == "GET, POST")
        #expect(fields[.accessControlMaxAge] == "600")
        let headers = try #require(fields[.accessControlAllowHeaders])
        for name in ["Content-Type", "Last-Event-ID", "Idempotency-Key", "Apus-Event", "If-None-Match", "Prefer"] {
            #expect(headers.contains(name))
        }
    }
}
