/// Why a multipart stream can't be read any further.
package enum MultipartError: Error, Hashable, CustomStringConvertible {
    /// A line outside bodies has more bytes than the reader takes.
    case lineTooLong(limit: Int)
    /// A body has more bytes than the reader takes.
    case bodyTooLarge(limit: Int)
    /// A field that is no field, or a `Content-Length` that is no number.
    case malformedHead
    /// No boundary follows where one must be.
    case missingBoundary

    package var description: String {
        switch self {
        case .lineTooLong(let limit): "a line of a part's head is longer than \(limit) bytes"
        case .bodyTooLarge(let limit): "a part is larger than \(limit) bytes"
        case .malformedHead: "a part's head is malformed"
        case .missingBoundary: "a part is not followed by the boundary"
        }
    }
}
