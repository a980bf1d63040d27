package import ApusCore
package import NIOCore

/// Who is on a channel: the answer of the presence resource (`spec/channels.md` §3).
package struct PresenceForm {
    private let clients: Int
    private let users: Int
    private let members: [ClientInfo]

    package init(clients: Int, users: Int, members: [ClientInfo]) {
        self.clients = clients
        self.users = users
        self.members = members
    }

    package func append(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"clients\":")
        JSONText.append(Int64(clients), to: &buffer)
        buffer.writeStaticString(",\"users\":")
        JSONText.append(Int64(users), to: &buffer)
        buffer.writeStaticString(",\"presence\":[")
        for (index, info) in members.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            SessionPublicationForm.append(info, to: &buffer)
        }
        buffer.writeStaticString("]}")
    }
}
