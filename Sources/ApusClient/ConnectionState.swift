/// How a subscription is connected.
public enum ConnectionState: Sendable {
    /// It connects. → `streaming`, `waiting`, `ended`
    case connecting
    /// It reads; with polling, the first answer has come. → `waiting`, `ended`
    case streaming
    /// It waits before it connects again, and why. → `connecting`, `ended`
    case waiting(Duration, because: ClientError)
    /// It has ended: by cancellation (no error), or by an error that asking again can't mend.
    case ended(ClientError?)
}
