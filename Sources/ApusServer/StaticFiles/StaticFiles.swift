package import ApusCore
package import HTTPTypes
import NIOCore

/// Serves pages: finds the file that a path means, and says what its answer is.
///
/// A path without an extension means a file, that file with `.html`, or a folder with an `index.html`, in this order.
package struct StaticFiles: Sendable {
    private let source: any PageSource

    /// Serves what a source has.
    package init(_ source: some PageSource) {
        self.source = source
    }

    /// Answers `GET` or `HEAD`. Blocks if the source does.
    ///
    /// - Parameter query: what a redirect keeps, as it came.
    /// - Throws: `ApusError` with code `notFound`.
    package func answer(_ request: HTTPRequest, path: PagePath, query: Substring? = nil) throws(ApusError) -> PageAnswer
    {
        let isExample = path.segments.first == "examples"
        switch try find(path) {
        case .page(let page): return answer(request, page: page, isExample: isExample)
        case .folderWithoutSlash: return Self.redirect(to: path, query: query)
        case nil: throw ApusError(.notFound, "There is no page '/\(path.key.prefix(64))'.")
        }
    }

    private enum Found {
        case page(Page)
        /// Links in the folder's page would lead astray (RFC 3986 §5.2.3).
        case folderWithoutSlash
    }

    private func find(_ path: PagePath) throws(ApusError) -> Found? {
        if path.isFolder { return try source.page(at: path.segments + ["index.html"]).map { .page($0) } }
        if let page = try source.page(at: path.segments) { return .page(page) }
        guard let last = path.segments.last, !last.contains(".") else { return nil }
        if let page = try source.page(at: path.segments.dropLast() + [last + ".html"]) { return .page(page) }
        return try source.page(at: path.segments + ["index.html"]).map { _ in .folderWithoutSlash }
    }

    private func answer(_ request: HTTPRequest, page: Page, isExample: Bool) -> PageAnswer {
        var fields: HTTPFields = [
            .eTag: page.entityTag,
            // The browser keeps it and asks whether it is still right, so that an update shows at once.
            .cacheControl: "no-cache",
            .xContentTypeOptions: "nosniff",
            .referrerPolicy: "same-origin",
            .contentSecurityPolicy: isExample ? Self.examplePolicy : Self.pagePolicy,
        ]
        if EntityTagCondition(request.headerFields[.ifNoneMatch]).matches(page.entityTag) {
            return PageAnswer(status: .notModified, headerFields: fields)
        }
        fields[.contentType] = page.contentType
        fields[.contentLength] = String(page.bytes.readableBytes)
        return PageAnswer(
            status: .ok,
            headerFields: fields,
            body: request.method == .head ? nil : page.bytes
        )
    }

    /// The segments are encoded anew, so nothing that was sent gets into the header as it came, and none is empty, so
    /// the location can't name another host.
    private static func redirect(to path: PagePath, query: Substring?) -> PageAnswer {
        var location = "/"
        for segment in path.segments {
            for byte in segment.utf8 { append(byte, to: &location) }
            location += "/"
        }
        if let query { location += "?" + query }
        return PageAnswer(
            status: .permanentRedirect,
            headerFields: [.location: location, .contentLength: "0", .cacheControl: "no-cache"]
        )
    }

    /// Unreserved characters stay (RFC 3986 §2.3).
    private static func append(_ byte: UInt8, to location: inout String) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            location.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            location += byte < 16 ? "%0" + digits : "%" + digits
        }
    }

    /// What a page may load and where from (CSP Level 3): all from here.
    private static let pagePolicy = policy(inline: "")
    /// The examples are one file each, to be copied, so their scripts and styles stand in them.
    private static let examplePolicy = policy(inline: " 'unsafe-inline'")

    private static func policy(inline: String) -> String {
        """
        default-src 'self'; img-src 'self' data: blob:; style-src 'self'\(inline); script-src 'self'\(inline); \
        frame-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'
        """
    }
}
