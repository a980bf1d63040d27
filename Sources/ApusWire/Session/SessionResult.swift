package import ApusCore
package import NIOCore

/// What a connect command is answered, or a one-way client is told first.
package struct SessionConnectResult: Sendable {
    /// The session's public id, by which others see it.
    package var client: String
    /// The server's name and version.
    package var version: String
    /// One JSON value.
    package var data: ByteBuffer?
    /// How long the connection lasts unless it is refreshed, in seconds; nil if it does not expire.
    package var ttl: UInt32?
    package var subscriptions: [(channel: ChannelName, result: SessionSubscribeResult)] = []
    /// How often the server pings, in seconds; 0 if it does not.
    package var pingSeconds: UInt32 = 0
    /// Whether pings are to be answered.
    package var wantsPong = false
    /// What an upstream request of the emulation names; a secret of this client.
    package var session: String
    /// Which server holds the session.
    package var node: String

    package init(client: String, version: String, session: String, node: String) {
        self.client = client
        self.version = version
        self.session = session
        self.node = node
    }

    package func append(to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        members.text("client", client, in: &buffer)
        members.text("version", version, in: &buffer)
        members.value("data", data, in: &buffer)
        if !subscriptions.isEmpty {
            members.name("subs", in: &buffer)
            var names = JSONMembers(in: &buffer)
            for subscription in subscriptions {
                names.name(subscription.channel.rawValue, in: &buffer)
                subscription.result.append(to: &buffer)
            }
            names.end(in: &buffer)
        }
        members.flag("expires", ttl != nil, in: &buffer)
        members.number("ttl", UInt64(ttl ?? 0), in: &buffer)
        members.number("ping", UInt64(pingSeconds), in: &buffer)
        members.flag("pong", wantsPong, in: &buffer)
        members.text("session", session, in: &buffer)
        members.text("node", node, in: &buffer)
        members.end(in: &buffer)
    }
}

/// What a subscriber is told of where it stands.
package struct SessionSubscribeResult: Sendable {
    /// Where it stands after the publications.
    package var position: Position
    /// What it missed and gets now.
    package var publications: [Publication] = []
    /// Whether it asked to go on from where it stood.
    package var wasRecovering = false
    /// Whether it does, with nothing missing.
    package var isRecovered = false
    /// How long the subscription lasts unless it is refreshed, in seconds; nil if it does not expire.
    package var ttl: UInt32?
    /// One JSON value.
    package var data: ByteBuffer?

    package init(position: Position) {
        self.position = position
    }

    package func append(to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        members.flag("expires", ttl != nil, in: &buffer)
        members.number("ttl", UInt64(ttl ?? 0), in: &buffer)
        // Every channel is a log, so every subscription can be recovered.
        members.flag("recoverable", true, in: &buffer)
        members.text("epoch", position.epoch.description, in: &buffer)
        SessionHistoryResult.append(publications, members: &members, to: &buffer)
        members.flag("recovered", isRecovered, in: &buffer)
        members.number("offset", position.offset, in: &buffer)
        members.flag("positioned", true, in: &buffer)
        members.value("data", data, in: &buffer)
        members.flag("was_recovering", wasRecovering, in: &buffer)
        members.end(in: &buffer)
    }
}

/// What a channel retains, or a part of it.
package struct SessionHistoryResult: Sendable {
    package var publications: [Publication]
    /// Where the log ends.
    package var position: Position

    package init(publications: [Publication], position: Position) {
        self.publications = publications
        self.position = position
    }

    package func append(to buffer: inout ByteBuffer) {
        var members = JSONMembers(in: &buffer)
        Self.append(publications, members: &members, to: &buffer)
        members.text("epoch", position.epoch.description, in: &buffer)
        members.number("offset", position.offset, in: &buffer)
        members.end(in: &buffer)
    }

    static func append(_ publications: [Publication], members: inout JSONMembers, to buffer: inout ByteBuffer) {
        guard !publications.isEmpty else { return }
        members.name("publications", in: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, publication) in publications.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            SessionPublicationForm.append(publication, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }
}
