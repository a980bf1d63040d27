/// Who published a message, or is present on a channel, as far as it is known.
public struct ClientInfo: Hashable, Sendable {
    /// The connection's id, given by the server.
    public var client: String?
    /// The user's id, as the application knows it.
    public var user: String?
    /// What the application wants others to know of the user: one JSON value, already checked.
    public var info: String?
    /// What the application wants others to know of the user on this channel: one JSON value, already checked.
    public var channelInfo: String?

    /// Names a client; leave out what is not known.
    public init(client: String? = nil, user: String? = nil, info: String? = nil, channelInfo: String? = nil) {
        self.client = client
        self.user = user
        self.info = info
        self.channelInfo = channelInfo
    }
}
