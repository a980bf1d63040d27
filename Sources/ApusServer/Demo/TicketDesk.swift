/// A support desk: tickets are opened, assigned and solved.
struct TicketDesk {
    private enum Status: String {
        case open
        case assigned
        case solved
    }

    private struct Ticket {
        let id: Int
        let title: String
        var status: Status
        var who: String?
    }

    /// The most tickets that are not solved at a time.
    private static let maximumPending = 6
    private static let people = ["Ada", "Chidi", "Lin", "Mats", "Noor", "Yara"]
    private static let titles = [
        "Badge reader at gate 4 blinks", "Coffee machine on floor 3 leaks", "Invoice shows the wrong month",
        "Map does not load in the app", "New colleague needs an account", "Password mail never arrives",
        "Printer prints only in green", "Search finds nothing with umlauts", "Video call freezes at noon",
    ]

    private var pending: [Ticket] = []
    private var lastID = 1_000

    /// What happens next to one ticket, as a JSON object.
    mutating func next(using random: inout DemoRandom) -> String {
        let opens =
            pending.isEmpty || (pending.count < Self.maximumPending && Int.random(in: 0..<5, using: &random) < 2)
        if opens {
            lastID += 1
            let title = Self.titles[Int.random(in: Self.titles.indices, using: &random)]
            let ticket = Ticket(id: lastID, title: title, status: .open)
            pending.append(ticket)
            return Self.json(ticket)
        }
        let index = Int.random(in: pending.indices, using: &random)
        switch pending[index].status {
        case .open:
            pending[index].status = .assigned
            pending[index].who = Self.people[Int.random(in: Self.people.indices, using: &random)]
            return Self.json(pending[index])
        case .assigned, .solved:
            var ticket = pending.remove(at: index)
            ticket.status = .solved
            return Self.json(ticket)
        }
    }

    private static func json(_ ticket: Ticket) -> String {
        let who = ticket.who.map { "\"\($0)\"" } ?? "null"
        return
            "{\"id\":\(ticket.id),\"title\":\"\(ticket.title)\",\"status\":\"\(ticket.status.rawValue)\",\"who\":\(who)}"
    }
}
