import Foundation

/// The Swift snippets of the documents, as they stand between marks in a file that is compiled with these tests.
///
/// A snippet's `import` lines stand at that file's top; the rest stands between `// snippet` and `// end`, indented.
struct CompiledSnippets {
    private let imports: Set<String>
    private let snippets: Set<String>

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snippets.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        var imports: Set<String> = []
        var snippets: Set<String> = []
        var open: [String]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            switch line.trimmingCharacters(in: .whitespaces) {
            case "// snippet": open = []
            case "// end":
                if let lines = open { snippets.insert(Self.withoutIndentation(lines)) }
                open = nil
            default:
                if open == nil, line.hasPrefix("import ") { imports.insert(line) }
                open?.append(line)
            }
        }
        self.imports = imports
        self.snippets = snippets
    }

    /// Whether a document's block is one of them.
    func contain(_ block: String) -> Bool {
        var lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let imported = lines.prefix { $0.hasPrefix("import ") }
        lines.removeFirst(imported.count)
        if !imported.isEmpty, lines.first == "" { lines.removeFirst() }
        return imports.isSuperset(of: imported) && snippets.contains(Self.withoutIndentation(lines))
    }

    private static func withoutIndentation(_ lines: [String]) -> String {
        let indentation = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indentation)) }.joined(separator: "\n")
    }
}
