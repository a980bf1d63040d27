/// Who published a message, as far as it is known.
public struct ClientInfo: Hashable, Sendable {
    /// The connection's id, given by the server.
    public var client: String?
    /// The user's id, as the application knows it.
    public var user: String?
    /// What the application wants others to know of the user: one JSON value, already checked.
    public var info: String?

    /// Names a publisher; leave out what is not known.
    public init(client: String? = nil, user: String? = nil, info: String? = nil) {
        self.client = client
        self.user = user
        self.info = info
    }
}
