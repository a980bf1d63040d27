import ApusCore
import ApusWire
import HTTPTypes
import Testing

@testable import ApusServer

@Suite struct ChannelRequestTests {
    private func read(_ target: String, _ fields: HTTPFields = [:]) throws(ApusError) -> ChannelRequest {
        let target = try RequestTarget(target)
        guard case .channels(let list) = try Route(target) else { throw ApusError(.notFound, "no channels") }
        let request = HTTPRequest(
            method: .get,
            scheme: "http",
            authority: "localhost",
            path: String(target.path),
            headerFields: fields
        )
        return try ChannelRequest(request, channels: list, query: Query(target.query))
    }

    private func code(_ target: String, _ fields: HTTPFields = [:]) -> ApusError.Code? {
        do throws(ApusError) {
            _ = try read(target, fields)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func withoutWishesItIsAPoll() throws {
        let request = try read("/channels/a")
        #expect(request.transport == .poll)
        #expect(request.since == .start)
        #expect(try read("/channels/a", [.accept: "*/*"]).transport == .poll)
        #expect(try read("/channels/a", [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]).transport == .poll)
    }

    @Test func theQueryNamesATransport() throws {
        #expect(try read("/channels/a?transport=poll").transport == .poll)
        #expect(try read("/channels/a?transport=long-poll").transport == .longPoll(timeout: .seconds(25), accept: nil))
        #expect(
            try read("/channels/a?transport=long-poll&timeout=7").transport
                == .longPoll(timeout: .seconds(7), accept: nil)
        )
        #expect(try read("/channels/a?transport=iframe").transport == .iframe(callback: .standard))
        #expect(
            try read("/channels/a?transport=iframe&callback=a.b").transport == .iframe(callback: CallbackName("a.b"))
        )
        #expect(try read("/channels/a?transport=stream").transport == .stream(.ndjson))
        #expect(try read("/channels/a?transport=stream&format=mixed").transport == .stream(.mixed))
        #expect(try read("/channels/a?transport=stream&format=replace").transport == .stream(.replace))
        #expect(try read("/channels/a?transport=sse").transport == .eventStream(envelope: false))
        #expect(try read("/channels/a?transport=sse&envelope=true").transport == .eventStream(envelope: true))
        #expect(try read("/channels/a,b?transport=sse").transport == .eventStream(envelope: true))
    }

    @Test func acceptNamesATransport() throws {
        #expect(try read("/channels/a", [.accept: "text/event-stream"]).transport == .eventStream(envelope: false))
        #expect(try read("/channels/a", [.accept: "application/x-ndjson"]).transport == .stream(.ndjson))
        #expect(try read("/channels/a", [.accept: "multipart/mixed"]).transport == .stream(.mixed))
        #expect(try read("/channels/a", [.accept: "multipart/x-mixed-replace"]).transport == .stream(.replace))
        let weighed = "text/event-stream;q=0.5, application/x-ndjson;q=0.8, */*"
        #expect(try read("/channels/a", [.accept: weighed]).transport == .stream(.ndjson))
        #expect(try read("/channels/a", [.accept: "multipart/mixed, text/event-stream"]).transport == .stream(.mixed))
        #expect(try read("/channels/a", [.accept: "text/event-stream;q=0"]).transport == .poll)
        #expect(try read("/channels/a", [.accept: "application/json, text/event-stream;q=0.9"]).transport == .poll)
        let equal = "application/json, text/event-stream"
        #expect(try read("/channels/a", [.accept: equal]).transport == .eventStream(envelope: false))
    }

    @Test func preferWaitIsALongPoll() throws {
        #expect(
            try read("/channels/a", [.prefer: "wait=10"]).transport == .longPoll(timeout: .seconds(10), accept: nil)
        )
        let several = "respond-async; x=1, WAIT=\"5\""
        #expect(try read("/channels/a", [.prefer: several]).transport == .longPoll(timeout: .seconds(5), accept: nil))
        #expect(
            try read("/channels/a", [.prefer: "wait=900"]).transport == .longPoll(timeout: .seconds(60), accept: nil)
        )
        #expect(try read("/channels/a", [.prefer: "wait=0"]).transport == .longPoll(timeout: .seconds(1), accept: nil))
        for text in ["wait", "wait=", "wait=-1", "wait=x", "waits=1"] {
            #expect(try read("/channels/a", [.prefer: text]).transport == .poll, "\(text)")
        }
        let both = try read("/channels/a?transport=long-poll&timeout=3", [.prefer: "wait=10"])
        #expect(both.transport == .longPoll(timeout: .seconds(3), accept: nil))
    }

    @Test func aLongPollMayAskForRawMessages() throws {
        let accept = AcceptedTypes("image/png, image/*;q=0.5")
        let request = try read("/channels/a?transport=long-poll", [.accept: "image/png, image/*;q=0.5"])
        #expect(request.transport == .longPoll(timeout: .seconds(25), accept: accept))
        let json = try read("/channels/a?transport=long-poll", [.accept: "application/json, text/plain, */*"])
        #expect(json.transport == .longPoll(timeout: .seconds(25), accept: nil))
    }

    @Test func theFirstPlaceWins() throws {
        let all: HTTPFields = [.upgrade: "websocket", .accept: "text/event-stream", .prefer: "wait=5"]
        #expect(try read("/channels/a?transport=poll", all).transport == .webSocket(textType: .text))
        let noUpgrade: HTTPFields = [.accept: "text/event-stream", .prefer: "wait=5"]
        #expect(try read("/channels/a?transport=poll", noUpgrade).transport == .poll)
        #expect(try read("/channels/a", noUpgrade).transport == .eventStream(envelope: false))
    }

    @Test func upgradesAreToWebSocketsOnly() throws {
        #expect(try read("/channels/a", [.upgrade: "h2c, WebSocket"]).transport == .webSocket(textType: .text))
        #expect(try read("/channels/a", [.upgrade: "h2c"]).transport == .poll)
        #expect(
            try read("/channels/a?type=application/json", [.upgrade: "websocket"]).transport
                == .webSocket(textType: .json)
        )
        #expect(code("/channels/a?type=nonsense", [.upgrade: "websocket"]) == .invalidParameter)
        #expect(code("/channels/a?transport=websocket") == .upgradeRequired)
    }

    @Test(arguments: [
        "transport=", "transport=SSE", "transport=carrier-pigeon", "transport=poll&transport=poll",
        "transport=stream&format=xml", "transport=long-poll&timeout=0", "transport=long-poll&timeout=61",
        "transport=long-poll&timeout=1s", "transport=sse&envelope=yes", "since=now&since=now",
        "transport=iframe&callback=", "transport=iframe&callback=alert(1)//",
    ])
    func otherValuesAreInvalidParameters(query: String) {
        #expect(code("/channels/a?\(query)") == .invalidParameter)
    }

    @Test func cursorsComeFromTheFirstPlaceThatHasOne() throws {
        let query = "/channels/a?transport=sse&lastEventId=a-4&Last-Event-ID=a-3&since=a-2"
        #expect(try read(query, [.lastEventID: "a-1"]).since == Since("a-1"))
        #expect(try read(query, [.lastEventID: ""]).since == Since("a-2"))
        #expect(try read("/channels/a?Last-Event-ID=&lastEventId=a-4").since == Since("a-4"))
        #expect(try read("/channels/a?lastEventId=").since == .start)
        #expect(try read("/channels/a?transport=sse&lastEventId=").since == .now)
        #expect(try read("/channels/a?transport=sse&since=start").since == .start)
        #expect(try read("/channels/a?since=%22a-1%22").since == Since("a-1"))
    }

    @Test func cursorsHaveAPositionForEachName() throws {
        #expect(try read("/channels/a,b?since=a-1.b-2").since == Since("a-1.b-2"))
        #expect(code("/channels/a,b?since=a-1") == .invalidCursor)
        #expect(code("/channels/a?since=a-1.b-2") == .invalidCursor)
        #expect(code("/channels/a?since=") == .invalidCursor)
        #expect(code("/channels/a", [.lastEventID: "yesterday"]) == .invalidCursor)
    }

    @Test func entityTagsAreComparedWeakly() throws {
        let request = try read("/channels/a", [.ifNoneMatch: "\"a,b\", W/\"a-1\""])
        #expect(request.ifNoneMatch.matches("\"a-1\""))
        #expect(request.ifNoneMatch.matches("W/\"a,b\""))
        #expect(!request.ifNoneMatch.matches("\"a\""))
        #expect(EntityTagCondition(" * ").matches("\"x\""))
        #expect(!EntityTagCondition("\"a").matches("\"a\""))
        #expect(!EntityTagCondition(nil).matches("\"a\""))
    }
}
