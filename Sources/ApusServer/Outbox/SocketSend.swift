#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `send(2)` on a socket that does not block.
enum SocketSend {
    enum Outcome {
        /// This many bytes, perhaps not all.
        case sent(Int)
        /// The socket's buffer is full.
        case wouldBlock
        /// The connection is broken.
        case failed
    }

    static func send(_ socket: CInt, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            #if canImport(Darwin)
                let count = Darwin.send(socket, bytes.baseAddress, bytes.count, 0)
            #elseif canImport(Musl)
                let count = Musl.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            #else
                let count = Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            #endif
            if count >= 0 { return .sent(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            default: return .failed
            }
        }
    }
}
