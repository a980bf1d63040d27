public import ApusCore

extension ChannelClient {
    /// A channel's figures at one moment.
    public struct Status: Hashable, Sendable {
        /// Where its log ends.
        public var position: Position
        /// How many messages are retained.
        public var messages: Int
        /// How many bytes they count, the server's administration included.
        public var bytes: Int
        /// How many subscribers of that server wait or stream.
        public var subscribers: Int

        /// A status from its parts.
        public init(position: Position, messages: Int, bytes: Int, subscribers: Int) {
            self.position = position
            self.messages = messages
            self.bytes = bytes
            self.subscribers = subscribers
        }
    }
}
