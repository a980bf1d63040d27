import ApusCore
import ApusWire
import NIOCore
import Testing

@Suite struct SessionFormTests {
    private let channel: ChannelName
    private let position: Position
    private let info = ClientInfo(client: "c1", user: "u1")
    private let text: Publication
    private let json: Publication
    private let image: Publication

    init() throws {
        channel = try ChannelName("news")
        position = Position(epoch: try #require(Epoch("k3f9zq")), offset: 12)
        text = Publication(
            message: try Message(data: ByteBuffer(string: "hello"), contentType: .text),
            offset: 12,
            time: 1_732_150_000_123
        )
        json = Publication(
            message: try Message(
                data: ByteBuffer(string: "{\"text\":\n\"hi\"}"),
                contentType: .json,
                publisher: ClientInfo(client: "c1", user: "u1")
            ),
            offset: 13,
            time: 1_732_150_000_123
        )
        image = Publication(
            message: try Message(
                data: ByteBuffer(bytes: [0x89, 0x50]),
                contentType: ContentType("image/png"),
                event: "shot",
                id: "m-1"
            ),
            offset: 14,
            time: 1_732_150_000_123
        )
    }

    private var subscribed: SessionSubscribeResult { SessionSubscribeResult(position: position) }

    private func replies() throws -> [String: SessionReply] {
        var connected = SessionConnectResult(client: "c1", version: "apus", session: "s1", node: "n1")
        connected.data = ByteBuffer(string: "{\"hello\":1}")
        connected.subscriptions = [(try ChannelName("mine"), subscribed)]
        connected.ttl = 60
        connected.pingSeconds = 25
        connected.wantsPong = true
        var recovered = subscribed
        recovered.publications = [text]
        recovered.wasRecovering = true
        recovered.isRecovered = true
        var lost = SessionSubscribeResult(position: Position(epoch: position.epoch, offset: 0))
        lost.wasRecovering = true
        let eve = ClientInfo(client: "c1", user: "u1", info: "{\"name\":\"Eve\"}")
        return [
            "connect": SessionReply(id: 1, result: .connect(connected)),
            "subscribe": SessionReply(id: 2, result: .subscribe(subscribed)),
            "subscribe, recovered": SessionReply(id: 2, result: .subscribe(recovered)),
            "subscribe, not recovered": SessionReply(id: 2, result: .subscribe(lost)),
            "unsubscribe": SessionReply(id: 3, result: .unsubscribe),
            "publish": SessionReply(id: 4, result: .publish),
            "presence": SessionReply(id: 5, result: .presence([eve])),
            "presence stats": SessionReply(id: 6, result: .presenceStats(clients: 2, users: 1)),
            "history": SessionReply(
                id: 7,
                result: .history(SessionHistoryResult(publications: [text], position: position))
            ),
            "ping": SessionReply(id: 8, result: .ping),
            "rpc": SessionReply(id: 9, result: .rpc(data: ByteBuffer(string: "3"))),
            "refresh": SessionReply(id: 10, result: .refresh(client: "c1", version: "apus", ttl: 60)),
            "sub refresh": SessionReply(id: 11, result: .subRefresh(ttl: 60)),
            "error": SessionReply(id: 12, result: .error(.methodNotFound)),
            "temporary error": SessionReply(id: 13, result: .error(.internalError)),
        ]
    }

    private func pushes() -> [String: SessionPush] {
        [
            "json publication": .publication(channel, json),
            "text publication": .publication(channel, text),
            "binary publication": .publication(channel, image),
            "join": .join(channel, info),
            "leave": .leave(channel, info),
            "unsubscribe": .unsubscribe(channel, .insufficientState),
            "subscribe": .subscribe(channel, subscribed),
            "message": .message(ByteBuffer(string: "{\"a\":1}")),
            "disconnect": .disconnect(.shutdown),
            "refresh": .refresh(ttl: 60),
        ]
    }

    @Test func repliesAreThoseOfTheVectors() throws {
        let replies = try replies()
        let vectors = try SessionVectors().all("replies")
        #expect(Set(vectors.map(\.name)) == Set(replies.keys))
        for vector in vectors {
            var buffer = ByteBuffer()
            replies[vector.name]?.append(to: &buffer)
            #expect(String(buffer: buffer) == vector.wire)
        }
    }

    @Test func pushesAreThoseOfTheVectors() throws {
        let pushes = pushes()
        let vectors = try SessionVectors().all("pushes")
        #expect(Set(vectors.map(\.name)) == Set(pushes.keys))
        for vector in vectors {
            var buffer = ByteBuffer()
            pushes[vector.name]?.append(isUnidirectional: false, to: &buffer)
            #expect(String(buffer: buffer) == vector.wire)
            try JSONScanner.validate(buffer)
            var bare = ByteBuffer()
            pushes[vector.name]?.append(isUnidirectional: true, to: &bare)
            #expect("{\"push\":\(String(buffer: bare))}" == vector.wire)
        }
    }

    /// The bytes of the vectors were made by another implementation.
    @Test func theProtobufFormIsThatOfTheVectors() throws {
        let (replies, pushes) = (try replies(), pushes())
        let carrier = SessionCarrier(.lines, form: .protobuf)
        for vector in try SessionVectors().all("replies") {
            var buffer = ByteBuffer()
            carrier.append(try #require(replies[vector.name]), to: &buffer)
            #expect(buffer == vector.protobuf, "\(vector.name)")
        }
        for vector in try SessionVectors().all("pushes") {
            var buffer = ByteBuffer()
            carrier.append(try #require(pushes[vector.name]), to: &buffer)
            #expect(buffer == vector.protobuf, "\(vector.name)")
        }
    }

    @Test(arguments: [
        (SessionCarrier.Kind.lines, "{}\n"), (.eventStream, "data: {}\n\n"), (.webSocket, "\u{81}\u{02}{}"),
        (.iframe(.standard), "<script>parent.onmessage(\"{}\")</script>\n"),
    ])
    func aPingIsAnEmptyObject(_ kind: SessionCarrier.Kind, _ expected: String) {
        var buffer = ByteBuffer()
        SessionCarrier(kind).appendPing(to: &buffer)
        #expect(Array(buffer.readableBytesView) == expected.unicodeScalars.map { UInt8($0.value) })
    }

    @Test func anIframesScriptCantBeBrokenOutOf() throws {
        let message = try Message(data: ByteBuffer(string: "\"</script><b>\""), contentType: .json)
        var buffer = ByteBuffer()
        SessionCarrier(.iframe(.standard)).append(
            .publication(channel, Publication(message: message, offset: 1, time: 1)),
            to: &buffer
        )
        let text = String(buffer: buffer)
        #expect(text.hasSuffix(")</script>\n"))
        #expect(text.dropLast(10).contains("</script>") == false)
    }

    @Test func anArrivalIsNoPublication() throws {
        let framing = SessionFraming(channel: channel, carrier: SessionCarrier(.lines))
        var text = ""
        for (event, log) in [
            ("join", ChannelName.arrivals(of: channel)), ("leave", .arrivals(of: channel)), ("join", channel),
        ] {
            let message = try Message(data: ByteBuffer(string: "1"), contentType: .json, event: event, publisher: info)
            let publication = Publication(message: message, offset: 1, time: 5)
            var buffer = ByteBuffer()
            framing.append(Delivery(publication: publication, cursor: "", channel: log), to: &buffer)
            text += String(buffer: buffer)
        }
        let who = #"{"user":"u1","client":"c1"}"#
        #expect(
            text == """
                {"push":{"channel":"news","join":{"info":\(who)}}}
                {"push":{"channel":"news","leave":{"info":\(who)}}}
                {"push":{"channel":"news","pub":{"data":1,"info":\(who),"offset":1,"tags":{"event":"join"},"time":5}}}

                """
        )
    }
}
