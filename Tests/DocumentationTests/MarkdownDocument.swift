import Foundation

/// A Markdown file of this repository, with what can be checked in it.
struct MarkdownDocument: CustomStringConvertible {
    /// A fenced block (CommonMark §4.5).
    struct Block: CustomStringConvertible {
        /// The file, from the repository's root.
        let path: String
        /// Where its opening fence stands, counted from 1.
        let line: Int
        /// The first word after the fence; empty if there is none.
        let language: String
        let text: String

        var description: String { "\(path):\(line) (\(language))" }
    }

    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let path: String
    let text: String

    var description: String { path }

    /// All documents whose snippets are run, compiled or parsed.
    static func all() throws -> [MarkdownDocument] {
        let files = FileManager.default
        var paths = try files.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".md") }
        for folder in ["docs", "spec", "Sources"] {
            let all = files.enumerator(atPath: root.appending(path: folder).path)?.allObjects as? [String] ?? []
            paths += all.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        return try paths.sorted().map { path in
            MarkdownDocument(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }

    /// All fenced blocks of a language in all documents.
    static func blocks(of language: String) throws -> [Block] {
        try all().flatMap(\.blocks).filter { $0.language == language }
    }

    /// The fenced blocks; one that is not closed reaches to the end of the file.
    var blocks: [Block] {
        var blocks: [Block] = []
        var open: (line: Int, language: String, lines: [Substring])?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    let text = block.lines.joined(separator: "\n")
                    blocks.append(Block(path: path, line: block.line, language: block.language, text: text))
                    open = nil
                } else {
                    let language = line.dropFirst(3).split(separator: " ").first.map(String.init) ?? ""
                    open = (index + 1, language, [])
                }
            } else {
                open?.lines.append(line)
            }
        }
        if let block = open {
            let text = block.lines.joined(separator: "\n")
            blocks.append(Block(path: path, line: block.line, language: block.language, text: text))
        }
        return blocks
    }

    /// Targets of links to files of the repository, without fragments.
    var links: [String] {
        text.matches(of: /(^|[^!])\[[^\]]*\]\(([^)\s]+)\)/).map { String($0.2) }
            .filter { !$0.contains("://") && !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") }
            .map { String($0.prefix { $0 != "#" }) }
    }
}
