import { readConfig } from '@belfry/server/config.ts'
import { lockFolder } from '@belfry/server/store/folder.ts'
import { onData, operate } from './data.ts'
import { print } from './print.ts'

/** After an older copy was put into the data folder: every client starts afresh, instead of going on from what the copy never had. */
export async function restored(options: { json?: boolean }): Promise<void> {
  using _lock = lockFolder(readConfig(process.env).dataDir)
  const epoch = await onData((store) => operate(store, 'epoch.renew', {}))
  print(options, { document: { epoch }, text: 'Every client starts afresh when the server is started again.' })
}
