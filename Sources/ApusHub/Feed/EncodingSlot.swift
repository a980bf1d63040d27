import ApusCore
import ApusWire
import NIOCore

/// One encoding in use on a feed, with what was made in it last. Belongs to one event loop.
package final class EncodingSlot {
    package let encoding: WireEncoding
    /// How many subscribers use it; the last one to leave takes the slot along.
    var users = 0
    /// What the round in progress sends.
    var slice = ByteBuffer()
    /// Slices that subscribers needed who were catching up: when thousands come back at once, they need the same ones.
    private var catchUps: [CatchUpKey: CatchUp] = [:]
    private static let maximumCatchUps = 4

    private struct CatchUpKey: Hashable {
        let start: [Position]
    }

    struct CatchUp {
        let bytes: ByteBuffer
        let end: [Position]
        /// The first gap in it, if history was lost.
        let gap: GapNotice?
    }

    init(_ encoding: WireEncoding) {
        self.encoding = encoding
    }

    /// Frames a batch, ready to be sent.
    func encode(_ batch: Batch) -> ByteBuffer {
        let framing = encoding.framing.base
        return encoding.coding.slice(sizeHint: sizeHint(batch)) { buffer in
            for item in batch.items {
                switch item {
                case .message(let delivery): framing.append(delivery, to: &buffer)
                case .gap(let notice): framing.append(notice, to: &buffer)
                }
            }
        }
    }

    /// What a stream in this encoding begins with.
    func preamble(cursor: String) -> ByteBuffer {
        encoding.coding.slice(sizeHint: 256) { buffer in
            encoding.framing.base.appendPreamble(cursor: cursor, to: &buffer)
        }
    }

    /// What keeps a stream in this encoding awake; the same bytes every time.
    lazy var heartbeat: ByteBuffer = encoding.coding.slice(sizeHint: 32) { buffer in
        encoding.framing.base.appendHeartbeat(to: &buffer)
    }

    func catchUp(from start: [Position]) -> CatchUp? {
        catchUps.isEmpty ? nil : catchUps[CatchUpKey(start: start)]
    }

    func remember(_ catchUp: CatchUp, from start: [Position]) {
        if catchUps.count >= Self.maximumCatchUps { catchUps = [:] }
        catchUps[CatchUpKey(start: start)] = catchUp
    }

    /// Gives remembered slices back; called now and then.
    func forgetCatchUps() {
        catchUps = [:]
    }

    private func sizeHint(_ batch: Batch) -> Int {
        batch.items.reduce(64) { size, item in
            switch item {
            case .message(let delivery): size + delivery.publication.message.data.readableBytes + 192
            case .gap: size + 128
            }
        }
    }
}
