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
  #following: Promise<void> | null = null

  static async open(place: DatabasePlace): Promise<Records> {
    const replaced = { by: (): void => undefined }
    const records = new Records(place, await openDatabase(place, () => replaced.by()))
    replaced.by = () => records.#follow()
    return records
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
    await this.#following
    await this.#store[Symbol.asyncDispose]()
  }

  /** What is there now; after the nodes, so that it is they who have begun anew. */
  async openAnew(): Promise<void> {
    this.#store = await openDatabase(this.#place, () => this.#follow())
  }

  /** A node has found that the database is an older one, and has begun a new epoch. Where that cannot be followed now, the next look does. */
  #follow(): void {
    this.#following ??= this.#openBeside(this.#store).finally(() => (this.#following = null))
  }

  #openBeside(before: Store): Promise<void> {
    return this.openAnew()
      .then(() => before[Symbol.asyncDispose]())
      .catch(() => undefined)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function openDatabase(place: DatabasePlace, onReplaced: () => void): Promise<Store> {
  return openStore({
    ...place,
    writes,
    clock: systemClock,
    onAnnouncements() {},
    onFailure: (failure) => console.error(failure),
    onReplaced,
  })
}
