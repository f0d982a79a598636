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
  #store: Store

  static async open(place: DatabasePlace): Promise<Records> {
    return new Records(place, await openDatabase(place))
  }

  private constructor(place: DatabasePlace, store: Store) {
    this.#place = place
    this.#store = store
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
    this.#store = await openDatabase(this.#place)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function openDatabase(place: DatabasePlace): Promise<Store> {
  return openStore({ ...place, writes, clock: systemClock, onAnnouncements() {}, onFailure: (failure) => console.error(failure) })
}
