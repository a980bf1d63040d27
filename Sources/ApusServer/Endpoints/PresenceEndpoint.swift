import ApusCore
import ApusHub
import ApusWire
import HTTPTypes
import NIOCore

/// `GET /channels/{name}/presence`: the sessions that follow a channel (`spec/channels.md` §3).
enum PresenceEndpoint {
    static func handle(_ exchange: HTTPExchange, channel: ChannelName) {
        let counts = exchange.loop.hub.presenceTable.counts(on: channel)
        let most = exchange.loop.configuration.sessions.maximumPresence
        let members = counts.clients > most ? [] : exchange.loop.hub.presence(on: channel)
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.cacheControl] = "no-store"
        var body = ByteBuffer()
        PresenceForm(clients: counts.clients, users: counts.users, members: members).append(to: &body)
        exchange.respond(head, body: body)
    }
}
