import ApusWire
import Testing

@Suite struct WebSocketClientHandshakeTests {
    private typealias Failure = WebSocketClientHandshake.Failure

    private let handshake = WebSocketClientHandshake(
        nonce: (0x0102_0304_0506_0708, 0x090A_0B0C_0D0E_0F10),
        subprotocols: ["apus.envelope.v1", "apus.raw.v1"]
    )

    @Test func aServerAndAClientAgree() throws {
        let request = WebSocketHandshake.Request(
            method: "GET",
            isHTTP11: true,
            host: "localhost",
            upgrade: "websocket",
            connection: "Upgrade",
            key: handshake.key,
            version: WebSocketHandshake.version,
            protocols: handshake.protocolsHeader,
            extensions: handshake.extensionsHeader
        )
        let accepted = try WebSocketHandshake(
            accepting: request,
            subprotocols: ["apus.raw.v1", "apus.envelope.v1"],
            allowsDeflate: true
        )
        let agreement = try handshake.check(
            .init(
                status: 101,
                upgrade: "WebSocket",
                connection: "upgrade",
                accept: accepted.accept,
                subprotocol: accepted.subprotocol,
                extensions: accepted.deflate?.answer.headerValue
            )
        )
        #expect(agreement.subprotocol == "apus.envelope.v1")
        #expect(agreement.deflate != nil)
        #expect(agreement.deflate == accepted.deflate)
    }

    /// RFC 6455 §4.1, the server's response.
    @Test func otherAnswersAreRefused() throws {
        #expect(failure { $0.status = 200 } == .status(200))
        #expect(failure { $0.upgrade = nil } == .notUpgraded)
        #expect(failure { $0.upgrade = "h2c" } == .notUpgraded)
        #expect(failure { $0.connection = "close" } == .notUpgraded)
        #expect(failure { $0.accept = nil } == .accept)
        #expect(failure { $0.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" } == .accept)
        #expect(failure { $0.subprotocol = "other" } == .subprotocol("other"))
        for extensions in ["other", "", "permessage-deflate, permessage-deflate", "permessage-deflate; unknown"] {
            #expect(failure { $0.extensions = extensions } == .extensions(extensions))
        }
        #expect(failure { _ in } == nil)
    }

    private func failure(_ change: (inout WebSocketClientHandshake.Response) -> Void) -> Failure? {
        var response = WebSocketClientHandshake.Response(
            status: 101,
            upgrade: "websocket",
            connection: "Upgrade",
            accept: WebSocketKey.accept(for: handshake.key)
        )
        change(&response)
        do throws(Failure) {
            _ = try handshake.check(response)
            return nil
        } catch {
            return error
        }
    }
}
