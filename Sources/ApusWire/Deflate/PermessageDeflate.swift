/// What client and server have agreed on for permessage-deflate (RFC 7692 §7.1).
package struct PermessageDeflate: Hashable, Sendable {
    /// The server starts each message afresh.
    package let serverNoContextTakeover: Bool
    /// The client starts each message afresh, so that it needs no inflater of its own on the server.
    package let clientNoContextTakeover: Bool
    /// The base-2 logarithm of the window that the server compresses with.
    package let serverMaxWindowBits: Int
    /// The same for the client.
    package let clientMaxWindowBits: Int
    /// The client has asked for a bound, which makes it part of the answer, even if it is the largest (§7.1.2.1).
    private let answersServerWindow: Bool

    package static let name = "permessage-deflate"
    /// 00 00 FF FF, which ends what a flush writes and is not sent (RFC 7692 §7.2.1).
    static let tailBytes = 4
    /// What the parameters may say (RFC 7692 §7.1.2).
    package static let windowBits = 8...15
    /// What zlib can compress with (zlib.h, deflateInit2: "a windowBits value of 8 (a window size of 256 bytes) is not
    /// supported"). It inflates all of them.
    package static let deflatableWindowBits = 9...15

    private init(
        serverNoContextTakeover: Bool,
        clientNoContextTakeover: Bool,
        serverMaxWindowBits: Int,
        clientMaxWindowBits: Int,
        answersServerWindow: Bool
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
        self.answersServerWindow = answersServerWindow
    }

    // MARK: Server

    /// The server's choice: the first offer that it can accept, or nil.
    ///
    /// - `server_no_context_takeover` and `client_no_context_takeover` are part of every answer, which RFC 7692
    ///   §7.1.1.1 and §7.1.1.2 allow also where the offer doesn't ask for it.
    /// - `server_max_window_bits` is granted from 9 to 15. An offer of 8 is declined, as §7.1.2.1 asks of a server
    ///   that doesn't support it: zlib can't.
    /// - `client_max_window_bits` is not answered, so the client may use any window (§7.1.2.2): we inflate with the
    ///   largest one.
    package static func accept(_ offers: [WebSocketExtension]) -> PermessageDeflate? {
        for offer in offers where offer.name == name {
            guard let asked = ExtensionParameters(offer, isOffer: true) else { continue }
            let serverMaxWindowBits = asked.serverMaxWindowBits ?? 15
            guard deflatableWindowBits.contains(serverMaxWindowBits) else { continue }
            return PermessageDeflate(
                serverNoContextTakeover: true,
                clientNoContextTakeover: true,
                serverMaxWindowBits: serverMaxWindowBits,
                clientMaxWindowBits: 15,
                answersServerWindow: asked.serverMaxWindowBits != nil
            )
        }
        return nil
    }

    /// What the server answers.
    package var answer: WebSocketExtension {
        var parameters: [WebSocketExtension.Parameter] = []
        if serverNoContextTakeover { parameters.append(.init("server_no_context_takeover")) }
        if clientNoContextTakeover { parameters.append(.init("client_no_context_takeover")) }
        if answersServerWindow {
            parameters.append(.init("server_max_window_bits", String(serverMaxWindowBits)))
        }
        return WebSocketExtension(Self.name, parameters)
    }

    // MARK: Client

    /// What a client offers. `client_max_window_bits` is left out, so the server can't demand a window that zlib is not
    /// able to compress with (§7.1.2.2).
    package static func offer(serverNoContextTakeover: Bool = false) -> WebSocketExtension {
        var parameters: [WebSocketExtension.Parameter] = [.init("client_no_context_takeover")]
        if serverNoContextTakeover { parameters.append(.init("server_no_context_takeover")) }
        return WebSocketExtension(name, parameters)
    }

    /// Reads a server's answer to the offer above; nil if the client has to fail the connection (§7.1.3).
    package init?(answer: WebSocketExtension, serverNoContextTakeover wasDemanded: Bool = false) {
        guard answer.name == Self.name, let granted = ExtensionParameters(answer, isOffer: false) else { return nil }
        // §7.1.2.2: not in an answer unless it was in the offer.
        guard granted.clientMaxWindowBits == nil, granted.serverNoContextTakeover || !wasDemanded else { return nil }
        self.init(
            serverNoContextTakeover: granted.serverNoContextTakeover,
            // Ours to decide: the offer has announced it, and our messages never refer to those before.
            clientNoContextTakeover: true,
            serverMaxWindowBits: granted.serverMaxWindowBits ?? 15,
            clientMaxWindowBits: 15,
            answersServerWindow: granted.serverMaxWindowBits != nil
        )
    }
}

/// The parameters of an offer or an answer, checked by RFC 7692 §7.1: known ones, once each, with the values they may have.
private struct ExtensionParameters {
    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    var serverMaxWindowBits: Int?
    var clientMaxWindowBits: Int?

    init?(_ source: WebSocketExtension, isOffer: Bool) {
        guard Set(source.parameters.map(\.name)).count == source.parameters.count else { return nil }
        for parameter in source.parameters {
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("client_max_window_bits", nil):
                // A hint without a value: only in an offer (§7.1.2.2).
                guard isOffer else { return nil }
                clientMaxWindowBits = 15
            case ("server_max_window_bits", let value?):
                guard let bits = Self.bits(value) else { return nil }
                serverMaxWindowBits = bits
            case ("client_max_window_bits", let value?):
                guard let bits = Self.bits(value) else { return nil }
                clientMaxWindowBits = bits
            default: return nil
            }
        }
    }

    /// 8 to 15, without leading zeros (§7.1.2).
    private static func bits(_ text: String) -> Int? {
        PermessageDeflate.windowBits.first { String($0) == text }
    }
}
