import { HANDSHAKES_PER_SECOND } from '#figures/deploy.ts'
import { THERE_WITHIN_MS, TOLD_WITHIN_MS } from '#load/loss-job.ts'
import { inWords, WHOLE } from '#scenarios.ts'

const { lengths, jitter, deploy, rolling } = WHOLE
const perSecond = inWords(Math.round((jitter.senders * 1_000) / jitter.postEveryMs))

/** What the figures of Belfry by itself mean. */
export const ABOUT_FIGURES = `Start: from the start of the process until the port accepts a connection, the web app being built already. Memory: resident memory of the whole
process while nothing happens. Another screen: from just before one socket sends until the other has received. JavaScript: the scripts that the page
loads by itself. Import: 153 logs of an IRC room by the command line, beside a server at which somebody posts one message after the other.
Pages: of a room as long as those logs, one after the other over HTTP. The room in Chromium, its shell without windows
where there is one (a whole one draws its toolbars too, here without a graphics card: as much work as the page): from the navigation until a
message is painted, by a browser that was in another room before, and by one that has nothing but the cookie; another room: from the click on its link, the longest of four. Scrolling: the wheel turned by 600 px every 16 ms until so many messages
have gone by; the heap after garbage was collected. Missed messages: from when somebody connects who was away until they have the last one. Acknowledged with
many members: one sends and waits, one follows, the others are away. Connections: by how much the process has grown, before they come and after, each once nothing
has happened for 30 s.
A longer room: two servers, whose rooms differ in their length alone, are asked in turns, the median of ${lengths.asked} each time; half of the room is unread. It
is opened by following it on a connection that is there, until its snapshot has come. Somebody in many rooms: from when they connect, signed in by
a session, until General is live and every room has said from where on it is watched; the list by itself, over HTTP.
The loop: how late it comes to what is due, as \`/metrics\` has it, of the process that serves sockets, on one core together
with the thread that writes to the disk. It looks at the clock every 10 ms: a long delay is one look among many.

Cut off: all follow one room, in which ${jitter.senders} post up to ${perSecond} messages a second together. Connections are torn down without a word, each
${jitter.cuts.times} times and at another moment, and come back with the positions that were held; what was missed has come when, counted from hello, the room is
live again. A restart: all follow one room, in which ${deploy.senders} posts every ${deploy.postEveryMs / 1_000} s, and sends again what was not acknowledged;
SIGTERM, and once the process has ended the same command on the same port and folder. Clients come back as [PROTOCOL.md](../PROTOCOL.md#closing) says, from
another address each. *Back* counts from when the new process first accepts a connection until a client's room is live again; handshakes are let through at
${inWords(HANDSHAKES_PER_SECOND)} a second, more than by itself. Whoever is told not to come back, or is not there within ${THERE_WITHIN_MS / 1_000} s, *gave up*.
*Not delivered* is what was acknowledged and has not reached a follower ${TOLD_WITHIN_MS / 1_000} s after the last of it. Both are counted over all runs together.
Node after node: two nodes with PostgreSQL and Redis behind the nginx that is shipped, by TLS; each is sent SIGTERM and started again as soon as it has ended, the
second when the first accepts connections. ${rolling.senders} post every ${rolling.postEveryMs / 1_000} s. *Away* is from the end of a connection until the room is live again; *not let in* whoever
was refused on the way.
What is told twice, out of order, or differently to others fails the run.`
