import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makePlace, type Place } from '#programs/local-program.ts'
import { freePort } from '#programs/program.ts'

/** A database that is used for minutes, and what it writes ahead. Only what is used of it is memory. */
const SIZE = '512m'
/** So that what PostgreSQL writes ahead leaves most of it to the rows. */
const SETTINGS = ['max_wal_size=64MB', 'min_wal_size=32MB']

/** A disk in memory that can be filled to the last byte. Only whoever may mount one has it. */
export class SmallDisk implements AsyncDisposable {
  readonly settings = SETTINGS
  readonly #place: Place

  static get isPossible(): boolean {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
    return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
  }

  static async mount(): Promise<SmallDisk> {
    const place = await makePlace('disk')
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'belfry', place.folder])
    return new SmallDisk(place)
  }

  private constructor(place: Place) {
    this.#place = place
    // Before its folder goes.
    process.prependListener('exit', this.#unmount)
  }

  /** For a program whose files are all to be there. */
  async place(): Promise<Place> {
    const folder = join(this.#place.folder, 'files')
    mkdirSync(folder)
    const { user } = this.#place
    if (user) chownSync(folder, user.uid, user.gid)
    return { folder, port: await freePort(), ...(user && { user }) }
  }

  /** Nothing more can be written. */
  async fill(): Promise<void> {
    const filling = promisify(execFile)('dd', ['if=/dev/zero', `of=${this.#ballast}`, 'bs=64k'])
    await filling.catch(({ stderr }: { stderr: string }) => {
      if (!stderr.includes('No space left')) throw new Error(`The disk could not be filled: ${stderr}`)
    })
  }

  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#unmount)
    this.#unmount()
    rmSync(this.#place.folder, { recursive: true, force: true })
  }

  get #ballast(): string {
    return join(this.#place.folder, 'ballast')
  }

  /** Also when something still has a file open there. */
  readonly #unmount = (): void => void spawnSync('umount', ['--lazy', this.#place.folder])
}
