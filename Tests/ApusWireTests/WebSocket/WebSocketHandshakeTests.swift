import ApusWire
import NIOCore
import Testing

@Suite struct WebSocketHandshakeTests {
    private typealias Refusal = WebSocketHandshake.Refusal

    private let request = WebSocketHandshake.Request(
        method: "GET",
        isHTTP11: true,
        host: "server.example.com",
        upgrade: "websocket",
        connection: "Upgrade",
        key: "dGhlIHNhbXBsZSBub25jZQ==",
        version: "13"
    )

    /// RFC 6455 §1.3.
    @Test func theKeyOfTheStandardIsAnswered() throws {
        let handshake = try accept(request)
        #expect(handshake.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(handshake.subprotocol == nil)
        #expect(handshake.deflate == nil)
    }

    /// RFC 6455 §4.2.1.
    @Test func tokensAreComparedInAnyCaseWithinLists() throws {
        var request = request
        request.upgrade = "h2c, WebSocket"
        request.connection = "keep-alive , UPGRADE"
        _ = try accept(request)
    }

    @Test func eachOfThemHasToBeThere() {
        #expect(status(changed { $0.upgrade = nil }) == 400)
        #expect(status(changed { $0.connection = nil }) == 400)
        #expect(status(changed { $0.key = nil }) == 400)
        #expect(status(changed { $0.host = nil }) == 400)
    }

    @Test func whatIsNoHandshakeIsABadRequest() {
        #expect(status(changed { $0.method = "POST" }) == 400)
        #expect(status(changed { $0.method = "get" }) == 400)
        #expect(status(changed { $0.isHTTP11 = false }) == 400)
        #expect(status(changed { $0.upgrade = "websockets" }) == 400)
        #expect(status(changed { $0.upgrade = "web socket" }) == 400)
        #expect(status(changed { $0.connection = "close" }) == 400)
        #expect(status(changed { $0.connection = String(repeating: "Upgrade,", count: 1000) }) == 400)
        for key in ["", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZQAA", "AAAA"] {
            #expect(status(changed { $0.key = key }) == 400)
        }
    }

    /// RFC 6455 §4.4.
    @Test(arguments: [nil, "", "8", "12", "013", "13, 8"])
    func anotherVersionNeedsAnUpgrade(version: String?) {
        #expect(status(changed { $0.version = version }) == 426)
    }

    /// RFC 6455 §4.2.2, and the client's order of preference.
    @Test func theFirstSubprotocolOfTheClientThatTheServerKnowsIsChosen() throws {
        let known = ["apus.raw.v1", "apus.envelope.v1"]
        for (header, chosen) in [
            ("apus.envelope.v1, apus.raw.v1", "apus.envelope.v1"), ("other,apus.raw.v1", "apus.raw.v1"),
            ("other", nil), ("APUS.RAW.V1", nil),
        ] {
            #expect(try accept(changed { $0.protocols = header }, subprotocols: known).subprotocol == chosen)
        }
        for header in ["", ",", "a b", "a;b", "a, a", String(repeating: "a", count: 5000)] {
            #expect(status(changed { $0.protocols = header }) == 400)
        }
    }

    /// RFC 6455 §9.1.
    @Test func extensionsAreAnswered() throws {
        let offer = changed { $0.extensions = "permessage-deflate; client_max_window_bits" }
        #expect(try accept(offer).deflate?.serverMaxWindowBits == 15)
        let without = try WebSocketHandshake(accepting: offer, subprotocols: [], allowsDeflate: false)
        #expect(without.deflate == nil)
        #expect(try accept(changed { $0.extensions = "other" }).deflate == nil)
        #expect(status(changed { $0.extensions = "permessage-deflate;" }) == 400)
    }

    /// RFC 3174 §7.3, by way of keys of many lengths: reference values of another implementation (Python's hashlib).
    @Test(arguments: [
        (0, "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="), (19, "yzaGyu0mcUukN7CdsSwa30tnCpc="),
        (20, "dUYRM7bOMwDmbriNIPr11x+r3E0="), (27, "NCEiOv6lMC9mC8oEZnneqRdJ4DU="),
        (28, "xMWmCBqYJY4uXzUs8PNU1t+Pzro="), (500, "Mjt2L+vyN1tTXeJP1wu1+gONvws="),
    ])
    func digestsOfAllPaddingsAreRight(length: Int, accept: String) {
        #expect(WebSocketKey.accept(for: String(repeating: "a", count: length)) == accept)
    }

    private func changed(_ change: (inout WebSocketHandshake.Request) -> Void) -> WebSocketHandshake.Request {
        var request = request
        change(&request)
        return request
    }

    private func accept(
        _ request: WebSocketHandshake.Request,
        subprotocols: [String] = []
    ) throws(Refusal) -> WebSocketHandshake {
        try WebSocketHandshake(accepting: request, subprotocols: subprotocols, allowsDeflate: true)
    }

    private func status(_ request: WebSocketHandshake.Request) -> Int {
        do throws(Refusal) {
            _ = try accept(request)
            return 101
        } catch {
            return error.status
        }
    }
}
