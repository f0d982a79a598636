import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'
import type { DownFrame, Welcome } from '@belfry/protocol/down.ts'
import type { Notification, Place, Rows, User, Workspace } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Hello, Position, UpSignal } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { CallServer } from './call-server.ts'
import type { ConnectionState, ConnectionUser } from './connection.ts'
import { Connection } from './connection.ts'
import { DoNotDisturb } from './do-not-disturb.ts'
import type { TopicNews } from './follow.ts'
import { Following } from './follow.ts'
import { HELD_MAX } from './held-bounds.ts'
import type { Inbox } from './inbox.ts'
import { OwnInbox } from './inbox.ts'
import { LocalCopy } from './local-copy.ts'
import type { Observable } from './observable.ts'
import { standingBlocks } from './blocks.ts'
import { derived, source } from './observable.ts'
import { OpenRooms } from './open-rooms.ts'
import type { BelfryOptions } from './options.ts'
import type { OwnSession } from './own-sessions.ts'
import { standingSessions } from './own-sessions.ts'
import type { Lane, OutboxEntry } from './outbox-entry.ts'
import { INBOX_LANE, isMessageCommand, rowsInAnswer } from './outbox-entry.ts'
import { Outbox } from './outbox.ts'
import type { People } from './people.ts'
import { KnownPeople } from './people.ts'
import { ObservedPresence } from './presence.ts'
import type { RoomHandle } from './room-handle.ts'
import type { Rooms } from './rooms.ts'
import { ServerClock } from './server-clock.ts'
import type { Topic } from './topic.ts'
import { type World, worldWith } from './world.ts'
import type { Belfry } from './belfry-handle.ts'

/** What {@link Belfry} says, over one connection. */
export class OpenBelfry implements Belfry, ConnectionUser {
  readonly presence: ObservedPresence
  readonly #options: BelfryOptions
  readonly #connection: Connection
  readonly #following: Following
  readonly #copy: LocalCopy
  readonly #clock: ServerClock
  readonly #outbox: Outbox
  readonly #people: KnownPeople
  readonly #inbox: OwnInbox
  readonly #rooms: OpenRooms
  readonly #dnd: DoNotDisturb
  readonly #stopListening: (() => void)[]
  readonly #unsent = derived(() => this.#outbox.unsent)
  readonly #me = source<User | null>(null)
  readonly #workspace = derived(() => [...(this.#following.held(WORKSPACE_TOPIC)?.rows('workspace').values() ?? [])][0] ?? null)
  readonly #sessions = derived(() => standingSessions(this.#ownTopic, this.#session))
  readonly #blocked = derived(() => standingBlocks(this.#ownTopic))
  #account: string | null = null
  #session = ''
  #ownTopic: Topic | null = null
  #epoch = ''

  constructor(options: BelfryOptions) {
    const world = worldWith(options.world)
    this.#options = options
    this.#connection = new Connection(world, options.url, this)
    this.#following = new Following(world, this.#connection, (topic, news) => this.#tell(topic, news))
    this.#copy = new LocalCopy(world, this.#following, (rooms) => this.#rooms.listed.expect(rooms))
    this.#clock = new ServerClock(world)
    this.#outbox = new Outbox(world, this.#clock, this.#outboxSurroundings())
    this.#people = new KnownPeople(world, this.#following.follow(WORKSPACE_TOPIC), this.#call)
    this.#dnd = new DoNotDisturb(world, this.#clock, () => this.#ownTopic?.rows('preferences').get('preferences') ?? null)
    this.#inbox = new OwnInbox(this.#outbox, this.#call, () => this.#dnd.isOn)
    this.presence = new ObservedPresence(world, (signal) => this.#connection.signal(signal))
    this.#rooms = new OpenRooms(this.#roomSurroundings(world))
    this.#stopListening = [world.onWake(() => this.#rooms.listed.askAgain()), world.onHide(() => this.#rooms.hid())]
    if (options.account !== undefined) this.#know(options.account)
    for (const roomId of options.rooms ?? []) this.room(roomId)
    this.#connection.open()
  }

  get connection(): Observable<ConnectionState> {
    return this.#connection.state
  }

  get me(): Observable<User | null> {
    return this.#me
  }

  get workspace(): Observable<Workspace | null> {
    return this.#workspace
  }

  get sessions(): Observable<readonly OwnSession[] | null> {
    return this.#sessions
  }

  get people(): People {
    return this.#people
  }

  get blocked(): Observable<ReadonlySet<string>> {
    return this.#blocked
  }

  get inbox(): Inbox {
    return this.#inbox
  }

  get rooms(): Rooms {
    return this.#rooms.listed
  }

  get dnd(): Observable<number | null> {
    return this.#dnd.until
  }

  async setDoNotDisturb(forMs: number | null): Promise<void> {
    this.#answeredOwn({ preferences: [await this.#call('me.set-preferences', { dndForMs: forMs })] })
  }

  get unsent(): Observable<number> {
    return this.#unsent
  }

  room(roomId: string): RoomHandle {
    this.#copy.opened(roomTopic(roomId))
    return this.#rooms.open(roomId)
  }

  call<N extends CommandName>(name: N, input: Input<N>): Promise<Result<N>> {
    return this.#call(name, input)
  }

  async block(userId: string): Promise<void> {
    this.#answeredOwn({ block: [await this.#call('block.create', { id: userId })] })
  }

  async unblock(userId: string): Promise<void> {
    this.#answeredOwn({ block: [await this.#call('block.end', { id: userId })] })
  }

  retryNow(): void {
    this.#connection.retryNow()
  }

  whenSafe(messageId: string): Promise<void> {
    return this.#outbox.whenSafe(messageId)
  }

  unsentChanges(): number {
    return this.#outbox.unsentChanges
  }

  close(): void {
    this.#end()
    this.#copy.close()
  }

  forget(): Promise<void> {
    this.#end()
    return this.#copy.forget()
  }

  whenReady(run: () => void): void {
    this.#copy.whenRead(run)
  }

  hello(): Hello {
    const { token } = this.#options
    return { t: 'hello', v: PROTOCOL_VERSION, ...(token !== undefined && { token }), positions: this.#following.positions() }
  }

  /** Another account may have signed in on this browser meanwhile: nothing of this one may reach it. */
  accepts({ user }: Welcome): boolean {
    return this.#account === null || this.#account === user.id
  }

  welcomed({ user, session, epoch, serverTime }: Welcome, named: readonly Position[]): void {
    this.#epoch = epoch
    this.#session = session
    this.#sessions.invalidate()
    this.#clock.heard(serverTime)
    if (this.#account === null) this.#know(user.id, { isFollowed: true })
    // Asked again by the next welcome.
    this.#copy.welcomed(this.#call).catch(() => undefined)
    this.#me.set(user)
    this.#following.welcomed(named)
    this.#outbox.welcomed(epoch)
    this.#people.welcomed(user)
    this.#rooms.welcomed(epoch)
    this.presence.welcomed()
    this.#dnd.update()
  }

  took(frame: DownFrame): void {
    this.#people.heard(frame)
    if (frame.t === 'bump') this.#rooms.listed.tookBump(frame)
    else if (frame.t !== 'signal') this.#following.take(frame)
    else if (frame.name === 'typing') this.#rooms.tookTyping(frame)
    else this.presence.took(frame)
  }

  lost(): void {
    this.#following.lost()
    this.#outbox.lost()
    this.#people.lost()
    this.#rooms.lost()
    this.presence.lost()
  }

  readonly #call: CallServer = async (name, input) => {
    const result = await this.#connection.call(name, input)
    this.#copy.paged(name, input)
    return result as Result<typeof name>
  }

  /** Whose account this is. `isFollowed`: the server follows the own topic by itself where `hello` could not name it. */
  #know(account: string, { isFollowed } = { isFollowed: false }): void {
    this.#account = account
    if (isFollowed) this.#following.expect(userTopic(account))
    this.#ownTopic = this.#following.follow(userTopic(account))
    this.#inbox.attach(this.#ownTopic)
    const kept = this.#options.keep?.(account)
    if (kept) this.#copy.keepIn(kept, account)
    if (kept) this.#outbox.keepIn(kept)
  }

  #end(): void {
    for (const stop of this.#stopListening) stop()
    this.#connection.close()
    this.#outbox.close()
    this.#dnd.close()
  }

  #outboxSurroundings() {
    return {
      send: (name: string, input: unknown) => this.#connection.call(name, input),
      newest: (roomId: string, id: string) => this.#following.newestMessage(roomId, id),
      seen: (id: string) => this.#inbox.seen(id, this.#epoch),
      took: (notification: Notification) => this.#answeredOwn({ notification: [notification] }),
      answered: (entry: OutboxEntry, result: unknown) => this.#answered(entry, result),
      changed: (lane: Lane) => this.#laneChanged(lane),
    }
  }

  #roomSurroundings({ now, after }: World) {
    const signals = { now, after, say: (signal: UpSignal) => this.#connection.signal(signal) }
    const [following, outbox, clock, call] = [this.#following, this.#outbox, this.#clock, this.#call]
    const { rooms: always = [], heldMax = HELD_MAX } = this.#options
    const closing = (topic: string) => this.#copy.closing(topic)
    const place = (roomId: string) => this.#ownTopic?.rows('place').get(roomId) ?? null
    const arranged = (row: Place) => this.#answeredOwn({ place: [row] })
    return { following, outbox, clock, call, always, heldMax, closing, place, arranged, after, signals, ownId: () => this.#account ?? '' }
  }

  /** Rows of one's own topic that an answer brought, beside the stream [F6]. */
  #answeredOwn(rows: Rows): void {
    this.#ownTopic?.besides(this.#epoch, rows)
    this.#tookOwn({ is: 'applied', by: 'change', rows, fresh: [] })
  }

  #answered(entry: OutboxEntry, result: unknown): void {
    const rows = rowsInAnswer(entry, result)
    const topic = isMessageCommand(entry) ? this.#following.held(roomTopic(entry.input.roomId)) : this.#ownTopic
    // They come beside the stream [F6]; a new epoch closes every connection, so they are of this one's.
    topic?.besides(this.#epoch, rows)
    if (entry.name === 'notification.mark-all') this.#inbox.answered(entry, rows.counts![0]!.changed)
  }

  #laneChanged(lane: Lane): void {
    if (lane === INBOX_LANE) this.#inbox.update()
    else this.#rooms.update(lane.slice('room:'.length))
    this.#unsent.invalidate()
  }

  /** A topic's rows have changed: the outbox learns first what is done, then the views are made anew. */
  #tell(topic: string, news: TopicNews): void {
    if (news.is === 'applied') this.#outbox.settle(news.rows.message ?? [])
    this.#unsent.invalidate()
    this.#copy.took(topic, news)
    if (topic === WORKSPACE_TOPIC) this.#tookWorkspace(news)
    else if (topic.startsWith('room:')) this.#rooms.took(topic.slice('room:'.length), news)
    else this.#tookOwn(news)
  }

  #tookWorkspace(news: TopicNews): void {
    this.#workspace.invalidate()
    this.#people.took(news)
    const me = this.#people.known.get().get(this.#account ?? '')
    if (me && this.#me.get()) this.#me.set(me)
  }

  #tookOwn(news: TopicNews): void {
    this.#sessions.invalidate()
    this.#blocked.invalidate()
    this.#dnd.update()
    this.#inbox.took(news)
    if (news.is === 'applied') this.#rooms.tookPlaces(news.rows.place ?? [])
  }
}
