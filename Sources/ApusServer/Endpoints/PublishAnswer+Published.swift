import ApusHub
import ApusWire
import NIOCore

extension PublishAnswer {
    /// What the hub says, as it is told to publishers.
    init(_ published: Published) {
        self.init(
            position: published.position,
            subscribers: published.subscribers,
            isDuplicate: published.isDuplicate
        )
    }

    /// On a WebSocket, with the number that the publisher gave.
    func appendEnvelope(ref: Int64, to buffer: inout ByteBuffer) {
        EnvelopeForm.append(self, ref: ref, to: &buffer)
    }
}
