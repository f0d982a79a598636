import { readConfig } from '@belfry/server/config.ts'
import { lockFolder } from '@belfry/server/store/sqlite/folder.ts'
import { onData, operate } from './data.ts'
import { print } from './print.ts'

/** After an older copy was put in place of the data, while no node runs: every client starts afresh, instead of going on from what the copy never had. */
export async function restored(options: { json?: boolean }): Promise<void> {
  const { dataDir, databaseUrl } = readConfig(process.env)
  using _lock = databaseUrl === null ? lockFolder(dataDir) : null
  const epoch = await onData((store) => operate(store, 'epoch.renew', {}))
  print(options, { document: { epoch }, text: 'Every client starts afresh when the server is started again.' })
}
