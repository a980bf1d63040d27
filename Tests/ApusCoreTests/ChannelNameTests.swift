import ApusCore
import Testing

@Suite struct ChannelNameTests {
    @Test(arguments: ["a", "news", "chat:room-1", "a,b", "a/b", "~!@#$%^&*()", String(repeating: "x", count: 255)])
    func visibleASCIIIsAllowed(name: String) throws {
        #expect(try ChannelName(name).rawValue == name)
    }

    @Test(arguments: ["", ".", "..", "a b", "a\nb", "a\0b", "\u{7F}", "ä", "名", String(repeating: "x", count: 256)])
    func othersAreRefusedWithAReason(name: String) {
        let error = #expect(throws: ApusError.self) { try ChannelName(name) }
        #expect(error?.code == .invalidChannel)
        #expect(error?.message.isEmpty == false)
    }
}
