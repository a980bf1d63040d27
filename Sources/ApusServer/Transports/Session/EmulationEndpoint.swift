import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// `POST /emulation`: what a client of a one-way transport sends to its session (`spec/session.md` §5).
enum EmulationEndpoint {
    static func handle(_ exchange: HTTPExchange, body: ByteBuffer, form: SessionCarrier.Form) {
        do throws(ApusError) {
            let upstream = try SessionUpstream(body, form: form)
            let entry = try find(upstream, exchange)
            let commands = upstream.commands
            entry.eventLoop.execute { entry.session.value.receive(commands) }
            var head = HTTPResponse(status: .noContent)
            head.headerFields[.cacheControl] = "no-store"
            exchange.respond(head)
        } catch {
            exchange.refuse(error)
        }
    }

    /// The session that an upstream request is for. With several servers it would be handed on to the one that `node` names.
    ///
    /// - Throws: `ApusError` with code `notFound`.
    static func find(_ upstream: SessionUpstream, _ exchange: HTTPExchange) throws(ApusError) -> SessionRegistry.Entry {
        guard let entry = exchange.loop.context.sessions.registry.find(upstream.session) else {
            throw ApusError(.notFound, "There is no such session; connect again, and recover your subscriptions.")
        }
        return entry
    }
}

extension SessionUpstream {
    /// - Throws: `ApusError` with code `badRequest`.
    init(_ body: ByteBuffer, form: SessionCarrier.Form) throws(ApusError) {
        do throws(SessionViolation) {
            switch form {
            case .json: try self.init(body)
            case .protobuf: try self.init(protobuf: body)
            }
        } catch {
            throw ApusError(.badRequest, "The body is no {\"session\":…,\"node\":…,\"data\":…}.", underlying: error)
        }
    }
}
