import ApusCore
import HTTPTypes
import NIOCore
import Testing

@testable import ApusServer

@Suite struct ProblemAnswerTests {
    @Test func theDocumentSaysCodeAndDetail() {
        let answer = ProblemAnswer(ApusError(.invalidCursor, "'x' is no cursor."))
        #expect(answer.status == .badRequest)
        #expect(answer.headerFields[.contentType] == "application/problem+json")
        #expect(
            String(buffer: answer.body)
                == #"{"type":"urn:apus:error:invalid-cursor","title":"Invalid cursor","status":400,"#
                + #""detail":"'x' is no cursor.","code":"invalid-cursor"}"#
        )
    }

    @Test func browsersDoNotGuessItsType() {
        let answer = ProblemAnswer(ApusError(.notFound, "Nothing is at '/<script>\"'."))
        #expect(answer.headerFields[.xContentTypeOptions] == "nosniff")
        #expect(answer.headerFields[.cacheControl] == "no-store")
        #expect(String(buffer: answer.body).contains(#"<script>\"'."#))
    }

    @Test func statusesHaveTheirHeaders() {
        let method = ProblemAnswer(ApusError(.methodNotAllowed, ""), methods: [.get, .post])
        #expect(method.headerFields[.allow] == "GET, POST")
        #expect(method.headerFields[.retryAfter] == nil)
        let upgrade = ProblemAnswer(ApusError(.upgradeRequired, ""))
        #expect(upgrade.status == .upgradeRequired)
        #expect(upgrade.headerFields[.upgrade] == "websocket")
        #expect(upgrade.headerFields[.secWebSocketVersion] == "13")
        for code in [ApusError.Code.storageFull, .tooManyChannels, .tooManyConnections, .stopping] {
            #expect(ProblemAnswer(ApusError(code, "")).headerFields[.retryAfter] == "5")
        }
        #expect(ProblemAnswer(ApusError(.badRequest, "")).headerFields[.allow] == nil)
    }
}
