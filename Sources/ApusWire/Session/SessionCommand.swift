package import ApusCore
package import NIOCore

/// What a client sends: a command, or the answer to a ping.
package enum SessionInput: Hashable, Sendable {
    /// `{}`
    case pong
    case command(SessionCommand)
}

/// One command of a client (`spec/session.md` §3).
package struct SessionCommand: Hashable, Sendable {
    /// By which the client knows the reply; 0 with `send`, which has none.
    package let id: UInt32
    package let request: Request

    package init(id: UInt32, request: Request) {
        self.id = id
        self.request = request
    }

    package enum Request: Hashable, Sendable {
        case connect(SessionConnect)
        case subscribe(SessionSubscribe)
        case unsubscribe(ChannelName)
        case publish(ChannelName, data: ByteBuffer)
        case presence(ChannelName)
        case presenceStats(ChannelName)
        case history(SessionHistory)
        case ping
        case send(data: ByteBuffer)
        case rpc(method: String, data: ByteBuffer?)
        case refresh(token: String)
        case subRefresh(ChannelName, token: String)
        /// A command that this server does not know.
        case unknown
        /// A command that it knows, with a value that can't be.
        case invalid(SessionError)
    }
}

/// Where a client of a channel stood, as it says.
package struct SessionPosition: Hashable, Sendable {
    /// The epoch's text; empty where the client knows none.
    package var epoch: String
    package var offset: UInt64

    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}

/// The first command of a session.
package struct SessionConnect: Hashable, Sendable {
    package var token = ""
    /// One JSON value.
    package var data: ByteBuffer?
    package var name = ""
    package var version = ""
    /// Channels on which the server is to subscribe the client, or has before, with where the client stands.
    package var subscriptions: [SessionSubscribe] = []

    package init() {}
}

/// A wish to follow a channel.
package struct SessionSubscribe: Hashable, Sendable {
    package var channel: ChannelName
    package var token = ""
    /// From where to go on; nil to begin now.
    package var recover: SessionPosition?
    /// Whether the client wants to know who joins and leaves.
    package var joinLeave = false
    /// One JSON value.
    package var data: ByteBuffer?

    package init(channel: ChannelName) {
        self.channel = channel
    }
}

/// A wish for what a channel retains.
package struct SessionHistory: Hashable, Sendable {
    package var channel: ChannelName
    /// The most publications: none with 0, as many as the server gives with a negative number.
    package var limit: Int64 = 0
    package var since: SessionPosition?
    package var reverse = false

    package init(channel: ChannelName) {
        self.channel = channel
    }
}
