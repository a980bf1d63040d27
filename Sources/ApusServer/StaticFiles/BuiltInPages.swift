package import ApusCore
import ApusWire
import NIOCore

/// The pages that travel inside the program. Never blocks.
package struct BuiltInPages: PageSource {
    private let pages: [String: Page]

    /// Takes the generated files: `BuiltInPages(EmbeddedPages.files)`. Done once, at the start.
    package init(_ files: [EmbeddedFile]) {
        var pages: [String: Page] = [:]
        for file in files {
            let path = file.path.description
            // Only a defect of the generator could be no base 64; a test reads every file that is built in.
            guard let bytes = Self.bytes(file.body) else { continue }
            pages[path] = Page(
                contentType: MediaTypes.type(of: path),
                entityTag: "\"\(file.digest)\"",
                bytes: bytes
            )
        }
        self.pages = pages
    }

    /// The paths, sorted.
    package var paths: [String] {
        pages.keys.sorted()
    }

    package func page(at segments: [String]) throws(ApusError) -> Page? {
        pages[segments.joined(separator: "/")]
    }

    private static func bytes(_ body: EmbeddedFile.Body) -> ByteBuffer? {
        switch body {
        case .text(let text): ByteBuffer(staticString: text)
        case .base64(let text): Base64.decode(ByteBuffer(staticString: text))
        }
    }
}
