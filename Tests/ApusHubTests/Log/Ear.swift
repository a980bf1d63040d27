import ApusHub
import Synchronization

/// A watcher that counts how often it is woken.
final class Ear: LogWatcher {
    let calls = Atomic<Int>(0)

    func logChanged(_ log: ChannelLog) {
        calls.add(1, ordering: .relaxed)
    }
}
