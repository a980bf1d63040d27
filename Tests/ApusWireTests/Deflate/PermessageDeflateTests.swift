import ApusWire
import Testing

@Suite struct PermessageDeflateTests {
    /// Offers, and what the answer says beside the two parameters that it always has. RFC 7692 §5 and §7.1.
    private static let offers: [(String, String)] = [
        // Firefox, Chrome, and what RFC 7692 §7.1.3 shows.
        ("permessage-deflate", ""),
        ("permessage-deflate; client_max_window_bits", ""),
        ("permessage-deflate; client_max_window_bits; server_max_window_bits=10", "; server_max_window_bits=10"),
        (
            "permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate",
            "; server_max_window_bits=10"
        ),
        ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", ""),
        ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15"),
        ("permessage-deflate; server_max_window_bits=\"9\"", "; server_max_window_bits=9"),
        ("permessage-deflate; client_max_window_bits=8", ""),
        ("Permessage-Deflate; CLIENT_max_window_bits=\"15\"", ""),
        ("x-webkit-deflate-frame, permessage-deflate", ""),
        // zlib can't compress with 256 bytes, so the next offer counts.
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", ""),
        (
            "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=12",
            "; server_max_window_bits=12"
        ),
    ]

    @Test(arguments: offers)
    func offersAreAccepted(offer: String, answer: String) throws {
        let offers = try #require(WebSocketExtension.parse(offer))
        let agreed = try #require(PermessageDeflate.accept(offers))
        let always = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(agreed.answer.headerValue == always + answer)
        #expect(agreed.serverNoContextTakeover && agreed.clientNoContextTakeover)
    }

    /// RFC 7692 §7.1.
    @Test(arguments: [
        "x-webkit-deflate-frame",
        "permessage-deflate; unknown",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=09",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; client_max_window_bits=99999999999999999999",
        "permessage-deflate; client_max_window_bits=0",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
    ])
    func otherOffersAreDeclined(offer: String) throws {
        let offers = try #require(WebSocketExtension.parse(offer))
        #expect(PermessageDeflate.accept(offers) == nil)
    }

    /// RFC 7692 §7.1, from the client's side.
    @Test(arguments: [
        ("permessage-deflate", false, 15),
        ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", true, 15),
        ("permessage-deflate; server_max_window_bits=8", false, 8),
    ])
    func answersAreTaken(answer: String, serverNoContextTakeover: Bool, windowBits: Int) throws {
        let answers = try #require(WebSocketExtension.parse(answer))
        let agreed = try #require(PermessageDeflate(answer: answers[0]))
        #expect(agreed.serverNoContextTakeover == serverNoContextTakeover)
        #expect(agreed.serverMaxWindowBits == windowBits)
    }

    @Test(arguments: [
        "permessage-bzip2",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; unknown",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    ])
    func answersThatWereNotOfferedAreRefused(answer: String) throws {
        let answers = try #require(WebSocketExtension.parse(answer))
        #expect(PermessageDeflate(answer: answers[0]) == nil)
    }

    @Test func aDemandHasToBeGranted() throws {
        #expect(
            PermessageDeflate.offer(serverNoContextTakeover: true).headerValue
                == "permessage-deflate; client_no_context_takeover; server_no_context_takeover"
        )
        let plain = WebSocketExtension("permessage-deflate")
        #expect(PermessageDeflate(answer: plain, serverNoContextTakeover: true) == nil)
        let agreed = try #require(PermessageDeflate.accept([PermessageDeflate.offer(serverNoContextTakeover: true)]))
        #expect(PermessageDeflate(answer: agreed.answer, serverNoContextTakeover: true) == agreed)
    }
}
