import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import ApusWire
import NIOCore
import Testing

/// What an embedding program decides.
@Suite struct SessionHookTests {
    private func withHooks(
        _ hooks: SessionHooks,
        _ configure: (inout SessionConfiguration) -> Void = { _ in },
        _ body: (Server) async throws -> Void
    ) async throws {
        try await withServer(
            {
                $0.sessionHooks = hooks
                configure(&$0.sessions)
            },
            body
        )
    }

    private func code(_ reply: [JSONMember]) throws -> Int64? {
        try reply["error"]?.members()["code"]?.integer
    }

    @Test func connectingSaysWhoTheClientIs() async throws {
        var hooks = SessionHooks()
        hooks.onConnect = { request in
            guard request.token == "secret" else { throw SessionDisconnect.invalidToken }
            var decision = SessionConnectDecision(user: "eve")
            decision.info = #"{"name":"Eve"}"#
            decision.channels = [try ChannelName("mine")]
            return decision
        }
        try await withHooks(hooks) { server in
            let client = try await SessionTestClient(port: server.port, .webSocket, connect: #"{"token":"secret"}"#)
            #expect(server.hub.presence(on: try ChannelName("mine")).map(\.user) == ["eve"])
            try server.publish("hello", to: "mine")
            #expect(try await client.publication() == ("mine", 1, "\"hello\""))
            _ = try await client.command(#""subscribe":{"channel":"news"}"#)
            _ = try await client.command(#""publish":{"channel":"news","data":1}"#)
            let line = try await client.nextLine()
            #expect(line.contains(#""info":{"user":"eve","client":""#))
            #expect(line.contains(#""conn_info":{"name":"Eve"}"#))
            try await client.cut()
            await #expect(throws: SessionClosed(code: 3500)) {
                _ = try await SessionTestClient(port: server.port, .webSocket)
            }
        }
    }

    @Test func eachHookMayRefuseWithItsCode() async throws {
        var hooks = SessionHooks()
        hooks.onSubscribe = { _, request in
            guard request.channel.rawValue == "open" else { throw SessionError.permissionDenied }
            return SessionSubscribeDecision()
        }
        hooks.onPublish = { _, channel, data in
            guard channel.rawValue == "open" else { throw SessionError(code: 400, message: "not here") }
            if String(buffer: data) == "666" { throw SessionDisconnect(code: 4500, reason: "go away") }
        }
        hooks.onRPC = { _, method, data in
            guard method == "echo" else { throw SessionError.methodNotFound }
            return data ?? ByteBuffer(string: "null")
        }
        try await withHooks(hooks) { server in
            let client = try await SessionTestClient(port: server.port, .webSocket)
            #expect(try code(await client.command(#""subscribe":{"channel":"closed"}"#)) == 103)
            #expect(try await client.command(#""subscribe":{"channel":"open"}"#)["subscribe"] != nil)
            #expect(try code(await client.command(#""publish":{"channel":"closed","data":1}"#)) == 400)
            #expect(try await client.command(#""publish":{"channel":"open","data":1}"#)["publish"] != nil)
            #expect(try await client.publication() == ("open", 1, "1"))
            #expect(try code(await client.command(#""rpc":{"method":"other"}"#)) == 104)
            let echo = try await client.command(#""rpc":{"method":"echo","data":[1, 2]}"#)
            #expect(try echo["rpc"]?.members()["data"].map { String(buffer: $0.raw) } == "[1, 2]")
            try await client.send(#"{"id":99,"publish":{"channel":"open","data":666}}"#)
            await #expect(throws: SessionClosed(code: 4500)) { while true { _ = try await client.nextLine() } }
        }
    }

    @Test func messagesGoBothWays() async throws {
        var hooks = SessionHooks()
        hooks.onMessage = { client, data in
            try client.send(data)
            client.subscribe(to: try ChannelName("later"))
        }
        try await withHooks(hooks) { server in
            let client = try await SessionTestClient(port: server.port, .httpStream)
            try await client.send(#"{"send":{"data":{"a":1}}}"#)
            #expect(try await client.nextLine() == #"{"push":{"message":{"data":{"a":1}}}}"#)
            #expect(try await client.nextLine().hasPrefix(#"{"push":{"channel":"later","subscribe":{"#))
            try await client.cut()
        }
    }

    @Test func commandsWaitForADecisionAndCallsDoNot() async throws {
        let gate = Gate()
        var hooks = SessionHooks()
        hooks.onRPC = { _, _, _ in
            await gate.wait()
            return ByteBuffer(string: "1")
        }
        hooks.onSubscribe = { _, _ in SessionSubscribeDecision() }
        try await withHooks(hooks) { server in
            let client = try await SessionTestClient(port: server.port, .webSocket)
            try await client.send(
                "{\"id\":50,\"rpc\":{}}\n{\"id\":51,\"subscribe\":{\"channel\":\"a\"}}\n"
                    + "{\"id\":52,\"publish\":{\"channel\":\"a\",\"data\":1}}\n{\"id\":53,\"ping\":{}}"
            )
            var order: [Int64] = []
            for _ in 0..<4 {
                if let id = try await SessionTestClient.members(client.nextLine())["id"]?.integer { order.append(id) }
            }
            // The publication is the fourth line that came.
            #expect(order == [51, 52, 53])
            await gate.open()
            #expect(try await SessionTestClient.members(client.nextLine())["id"]?.integer == 50)
            try await client.cut()
        }
    }

    @Test func aConnectionThatIsNotRefreshedExpires() async throws {
        var hooks = SessionHooks()
        hooks.onConnect = { _ in
            var decision = SessionConnectDecision()
            decision.lifetime = .seconds(1)
            return decision
        }
        hooks.onRefresh = { _, token in
            guard token == "new" else { throw SessionError.tokenExpired }
            return nil
        }
        try await withHooks(hooks, { $0.refreshGrace = .zero }) { server in
            let lasting = try await SessionTestClient(port: server.port, .webSocket)
            #expect(try code(await lasting.command(#""refresh":{"token":"old"}"#)) == 109)
            #expect(try await lasting.command(#""refresh":{"token":"new"}"#)["refresh"] != nil)
            let expiring = try await SessionTestClient(port: server.port, .webSocket)
            await #expect(throws: SessionClosed(code: 3005)) { _ = try await expiring.nextLine() }
            #expect(try await lasting.command(#""ping":{}"#)["ping"] != nil)
            try await lasting.cut()
        }
    }
}

/// A door that is opened once.
private actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if !isOpen { await withCheckedContinuation { waiters.append($0) } }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
