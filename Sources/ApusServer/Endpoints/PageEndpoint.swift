import ApusCore
import HTTPTypes
import NIOCore
import NIOPosix

/// `GET` of a page: the built-in ones, or those of a folder.
enum PageEndpoint {
    static func handle(_ exchange: HTTPExchange, _ path: PagePath, query: Substring?, pages: Pages) {
        let request = exchange.request
        let answer = { @Sendable () -> Result<PageAnswer, ApusError> in
            do throws(ApusError) {
                return .success(try pages.files.answer(request, path: path, query: query))
            } catch {
                return .failure(error)
            }
        }
        guard pages.readsDisk else {
            respond(exchange, answer())
            return
        }
        let bound = NIOLoopBound(exchange, eventLoop: exchange.loop.eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: exchange.loop.eventLoop) { answer() }
            .whenSuccess { respond(bound.value, $0) }
    }

    private static func respond(_ exchange: HTTPExchange, _ result: Result<PageAnswer, ApusError>) {
        switch result {
        case .failure(let error): exchange.refuse(error)
        case .success(let answer):
            var head = HTTPResponse(status: answer.status, headerFields: answer.headerFields)
            // The connection says how long the body is; to HEAD, it says it of the body that GET would have.
            let length = head.headerFields[.contentLength]
            head.headerFields[.contentLength] = nil
            exchange.respond(head, body: answer.body ?? ByteBuffer(), lengthOfGet: length.flatMap { Int($0) })
        }
    }
}

/// Where a server's pages come from.
package struct Pages: Sendable {
    let files: StaticFiles
    /// Whether looking a page up may block, so that it is not done on an event loop.
    let readsDisk: Bool

    package init(_ source: some PageSource, readsDisk: Bool) {
        files = StaticFiles(source)
        self.readsDisk = readsDisk
    }
}
