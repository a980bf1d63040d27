import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// Long polling: short polling's answer, held back until there is something (`spec/channels.md` §4.2). Belongs to one event loop.
final class LongPollTransport {
    private let exchange: HTTPExchange
    private let request: ChannelRequest
    /// The types of which one message is wanted raw; nil for a batch.
    private let accept: AcceptedTypes?
    private let timer = WheelTimer()
    private var waiter: BatchWaiter?
    /// Where it stands when it times out: ahead of where it began, if messages of other types passed.
    private var cursor: Cursor?
    private var missed: Gap?

    private init(_ exchange: HTTPExchange, _ request: ChannelRequest, accept: AcceptedTypes?) {
        self.exchange = exchange
        self.request = request
        self.accept = accept
        timer.target = self
    }

    static func start(_ exchange: HTTPExchange, _ request: ChannelRequest, timeout: Duration, accept: AcceptedTypes?) {
        let poll = LongPollTransport(exchange, request, accept: accept)
        exchange.loop.context.metrics.polled(.longPoll)
        exchange.onClosed = { poll.stop() }
        poll.wait(since: request.since)
        if poll.waiter != nil { exchange.loop.shard.set(poll.timer, after: timeout) }
    }

    private func wait(since: Since) {
        do throws(ApusError) {
            let waiter = try exchange.loop.shard.wait(on: request.channels.names, since: since) { [self] in
                served($0)
            }
            // It may have been served already.
            if waiter.isWaiting {
                self.waiter = waiter
                cursor = Cursor(waiter.positions)
            }
        } catch {
            stop()
            exchange.refuse(error)
        }
    }

    private func served(_ shared: SharedBatch) {
        waiter = nil
        guard let accept else {
            finish()
            PollTransport.answer(exchange, shared, ifNoneMatch: request.ifNoneMatch)
            return
        }
        for item in shared.batch.items {
            switch item {
            case .gap(let notice): missed = missed ?? notice.gap
            case .message(let delivery):
                guard accept.accepts(delivery.publication.message.contentType) else { continue }
                finish()
                answer(delivery)
                return
            }
        }
        if shared.batch.items.isEmpty {
            // The server stops.
            cursor = Cursor(shared.batch.end)
            finish()
            answerNothing()
        } else {
            wait(since: .cursor(Cursor(shared.batch.end)))
        }
    }

    private func answer(_ delivery: Delivery) {
        let message = delivery.publication.message
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = message.contentType.rawValue
        head.headerFields[.apusCursor] = delivery.cursor
        head.headerFields[.cacheControl] = "no-store"
        // What somebody published is not to be taken for something else than he said.
        head.headerFields[.xContentTypeOptions] = "nosniff"
        if let event = message.event { head.headerFields[.apusEvent] = PercentEncoding.encodeHeader(event) }
        appendGap(to: &head)
        exchange.respond(head, body: message.data)
    }

    private func answerNothing() {
        guard accept != nil else {
            let end = cursor?.positions ?? []
            PollTransport.answer(
                exchange,
                SharedBatch(Batch(items: [], end: end, isComplete: true)),
                ifNoneMatch: request.ifNoneMatch
            )
            return
        }
        var head = HTTPResponse(status: .noContent)
        head.headerFields[.apusCursor] = cursor?.description
        head.headerFields[.cacheControl] = "no-store"
        appendGap(to: &head)
        exchange.respond(head)
    }

    private func appendGap(to head: inout HTTPResponse) {
        guard let missed else { return }
        head.headerFields[.apusGap] =
            missed.missed.map { "\(missed.reason.rawValue); missed=\($0)" } ?? missed.reason.rawValue
    }

    private func finish() {
        exchange.onClosed = nil
        exchange.loop.shard.cancel(timer)
    }

    /// The client is gone, or gets another answer.
    private func stop() {
        finish()
        waiter?.cancel()
        waiter = nil
    }
}

extension LongPollTransport: WheelTimerTarget {
    func timerFired(_ timer: WheelTimer) {
        stop()
        answerNothing()
    }
}
