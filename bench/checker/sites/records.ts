import { writes } from '@belfry/server/commands.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'

/** Where a database is: a folder, or PostgreSQL. */
export interface DatabasePlace {
  folder: string
  databaseUrl?: string
}

/** The database, as the judge sees it: past the nodes. */
export class Records implements AsyncDisposable {
  readonly #place: DatabasePlace
  #store!: Store
  #isFollowing = false

  static async open(place: DatabasePlace): Promise<Records> {
    const records = new Records(place)
    await records.openAnew()
    return records
  }

  private constructor(place: DatabasePlace) {
    this.#place = place
  }

  get store(): Store {
    return this.#store
  }

  /** Before its place is emptied. */
  async close(): Promise<void> {
    await this.#store[Symbol.asyncDispose]()
  }

  /** What is there now; after the nodes, so that it is they who have begun anew. */
  async openAnew(): Promise<void> {
    this.#store = await openStore({
      ...this.#place,
      writes,
      clock: systemClock,
      onAnnouncements() {},
      onFailure: (failure) => console.error(failure),
      onReplaced: () => void this.#follow(),
    })
  }

  /** A node has found that the database is an older one, and has begun a new epoch. Where that cannot be followed now, the next look does. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return
    this.#isFollowing = true
    const before = this.#store
    await this.openAnew()
      .then(() => before[Symbol.asyncDispose]())
      .catch(() => {})
    this.#isFollowing = false
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
