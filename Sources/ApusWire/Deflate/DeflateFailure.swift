/// Why a message was not compressed or inflated.
package enum DeflateFailure: Error, Hashable, Sendable {
    /// It is no deflate data (RFC 1951), or ends in the middle of a block.
    case malformed
    /// It inflates to more bytes than allowed.
    case tooLarge(limit: Int)
    /// zlib got no memory.
    case outOfMemory
}
