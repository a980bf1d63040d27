import ApusCore
import ApusHub
import ApusServer
import ApusTestSupport
import Testing

/// Where reading begins.
@Suite("Scenario: since")
struct SinceTests {
    @Test("start, now, a cursor and nothing begin where the contract says", arguments: TestTransport.allCases)
    func begins(_ transport: TestTransport) async throws {
        try await withServer { server in
            try server.publish("1")
            let second = try server.publish("2").position
            try server.publish("3")
            // Short polling begins at the start unless it is told otherwise, all others with what comes.
            let before = transport == .poll ? ["1", "2", "3"] : []
            let expected: [(String?, [String])] = [
                (nil, before), ("start", ["1", "2", "3"]), ("now", []), ("\(second)", ["3"]),
                ("%22\(second)%22", ["3"]), ("W/%22\(second)%22", ["3"]),
            ]
            for (number, (since, texts)) in expected.enumerated() {
                let subscriber = try await transport.connect(port: server.port, since: since)
                if transport != .poll, texts.isEmpty { try await server.waitForSubscribers(1) }
                // What comes later comes behind it, and everything before has come.
                try server.publish("later \(number)")
                let later = (0..<number).map { "later \($0)" }
                let all = texts + (texts.isEmpty ? [] : later) + ["later \(number)"]
                #expect(try await subscriber.messages(all.count).map(\.text) == all, "since \(since ?? "none")")
                try await subscriber.cut()
                try await server.waitForSubscribers(0)
            }
        }
    }

    @Test("Last-Event-ID comes before the query", arguments: TestTransport.allCases)
    func lastEventID(_ transport: TestTransport) async throws {
        try await withServer { server in
            try server.publish("1")
            let second = try server.publish("2").position
            try server.publish("3")
            let subscriber = try await transport.connect(
                port: server.port,
                since: "start",
                headers: ["Last-Event-ID: \(second)"]
            )
            #expect(try await subscriber.message().text == "3")
        }
    }

    @Test("an empty Last-Event-ID says nothing", arguments: TestTransport.allCases)
    func emptyLastEventID(_ transport: TestTransport) async throws {
        try await withServer { server in
            try server.publish("1")
            let subscriber = try await transport.connect(port: server.port, since: "start", headers: ["Last-Event-ID:"])
            #expect(try await subscriber.message().text == "1")
        }
    }

    @Test("a poll that names the tag it would get is answered 304", arguments: ["poll", "long-poll"])
    func entityTags(_ transport: String) async throws {
        try await withServer { server in
            try server.publish("1")
            let client = try await HTTPClient(port: server.port)
            let path = "/channels/news?transport=\(transport)&timeout=1"
            let first = try await client.request("GET", path + "&since=start")
            let tag = try #require(first["ETag"])
            #expect(first.status == 200)
            #expect(first["Content-Type"] == "application/json")
            #expect(first["Cache-Control"] == "no-cache")
            let again = try await client.request(
                "GET",
                path + "&since=\(tag.dropFirst().dropLast())",
                ["If-None-Match: \(tag)"]
            )
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again["ETag"] == tag)
            let weak = try await client.request(
                "GET",
                path + "&since=\(tag.dropFirst().dropLast())",
                ["If-None-Match: \"other\", W/\(tag)"]
            )
            #expect(weak.status == 304)
            let empty = try await client.request("GET", path + "&since=\(tag.dropFirst().dropLast())")
            #expect(empty.status == 200)
            #expect(empty.text == "[]")
            #expect(empty["ETag"] == tag)
            try server.publish("2")
            let news = try await client.request(
                "GET",
                path + "&since=\(tag.dropFirst().dropLast())",
                ["If-None-Match: \(tag)"]
            )
            #expect(news.status == 200)
            #expect(news["ETag"] != tag)
            #expect(news.text.contains("\"data\":\"2\""))
        }
    }

    @Test("a raw long poll waits for a message of a type it accepts")
    func rawLongPoll() async throws {
        try await withServer { server in
            let client = try await HTTPClient(port: server.port)
            let publisher = try await HTTPClient(port: server.port)
            async let answer = client.request("GET", "/channels/news?transport=long-poll", ["Accept: image/png"])
            try await server.waitForSubscribers(1)
            try server.publish("no picture")
            let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
            _ = try await publisher.request(
                "POST",
                "/channels/news?event=frame",
                ["Content-Type: image/png"],
                body: picture
            )
            let received = try await answer
            #expect(received.status == 200)
            #expect(received["Content-Type"] == "image/png")
            #expect(received["Apus-Event"] == "frame")
            #expect(received["Apus-Cursor"]?.hasSuffix("-2") == true)
            #expect(received.body == picture)
            let timedOut = try await client.request(
                "GET",
                "/channels/news?transport=long-poll&timeout=1",
                ["Accept: image/png"]
            )
            #expect(timedOut.status == 204)
            #expect(timedOut["Apus-Cursor"]?.hasSuffix("-2") == true)
        }
    }
}
