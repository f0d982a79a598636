import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'

/** Runs a command at the server. Rejects with `RefusalError` or `ConnectionLost`. */
export type CallServer = <N extends CommandName>(name: N, input: Input<N>) => Promise<Result<N>>
