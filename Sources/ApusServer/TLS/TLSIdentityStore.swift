import ApusCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The certificates of a server, as they are now. Reading files blocks: not on an event loop.
final class TLSIdentityStore: Sendable {
    private struct Entry: Sendable {
        var identity: TLSIdentity
        var files: TLSSettings.CertificateFiles?
        var certificateVersion: FileVersion?
        var keyVersion: FileVersion?
    }

    private let entries: Mutex<[Entry]>

    /// Reads, or makes, the certificates.
    ///
    /// - Throws: `ApusError` with code `invalidParameter`.
    init(_ source: TLSSettings.Source) throws(ApusError) {
        switch source {
        case .files(let list):
            guard !list.isEmpty else { throw ApusError(.invalidParameter, "TLS needs a certificate.") }
            var read: [Entry] = []
            for files in list { read.append(try Self.read(files)) }
            entries = Mutex(read)
        case .selfSigned(let names):
            let made = try SelfSignedCertificate(names: names)
            let identity = try TLSIdentity(
                certificatePEM: Array(made.certificatePEM.utf8),
                keyPEM: Array(made.keyPEM.utf8),
                origin: "What was made"
            )
            entries = Mutex([Entry(identity: identity)])
        }
    }

    /// The certificate for a client that asks for a name, or for none.
    func identity(for host: String?) -> TLSIdentity? {
        entries.withLock { entries in
            (host.flatMap { host in entries.first { $0.identity.matches(host) } } ?? entries.first)?.identity
        }
    }

    /// Reads files that have changed. What can't be used is reported, and the old certificate stays.
    ///
    /// - Returns: How many certificates are new.
    @discardableResult
    func reload(logger: Logger) -> Int {
        var count = 0
        let old = entries.withLock { $0 }
        for (index, entry) in old.enumerated() {
            guard let files = entry.files,
                FileVersion(files.certificate) != entry.certificateVersion || FileVersion(files.key) != entry.keyVersion
            else { continue }
            do throws(ApusError) {
                let new = try Self.read(files)
                entries.withLock { $0[index] = new }
                count += 1
                logger.info("certificate reloaded", metadata: ["file": "\(files.certificate)"])
            } catch {
                // Perhaps only one of the two files is new so far: the next look will tell.
                logger.warning("certificate not reloaded", metadata: ["error": "\(error.message)"])
            }
        }
        return count
    }

    /// Looks at the files again and again, on a thread that may block.
    func watch(on eventLoop: any EventLoop, every interval: Duration, logger: Logger) -> RepeatedTask {
        let delay = TimeAmount(interval)
        return eventLoop.scheduleRepeatedAsyncTask(initialDelay: delay, delay: delay) { _ in
            NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { _ = self.reload(logger: logger) }
        }
    }

    private static func read(_ files: TLSSettings.CertificateFiles) throws(ApusError) -> Entry {
        // The versions first: a change while the files are read is then seen the next time.
        let versions = (FileVersion(files.certificate), FileVersion(files.key))
        let identity = try TLSIdentity(
            certificatePEM: try PEMFile.read(files.certificate),
            keyPEM: try PEMFile.read(files.key),
            origin: files.certificate
        )
        return Entry(identity: identity, files: files, certificateVersion: versions.0, keyVersion: versions.1)
    }
}
