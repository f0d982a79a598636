import { commands, type Parsed } from '@belfry/protocol/commands.ts'
import type { Workspace } from '@belfry/protocol/rows.ts'
import { findWorkspace } from '@belfry/server/accounts/settings.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { accept } from './accept.ts'
import { onData, operate } from './data.ts'
import { print, printable, type Printing } from './print.ts'

type SignUp = Workspace['signUp']

export async function showWorkspace(options: Printing): Promise<void> {
  const workspace = await onData((store) => store.read(findWorkspace))
  print(options, { document: workspace, text: inWords(workspace) })
}

export async function setWorkspace(options: Printing & { name?: string; signUp?: SignUp }): Promise<void> {
  const { name, signUp } = options
  if (name === undefined && signUp === undefined) throw new Refusal('malformed', 'Say a new --name, a --sign-up mode, or both.')
  const input: Parsed<'workspace.update'> = accept(commands['workspace.update'].input, { name, signUp })
  const workspace = await onData((store) => operate(store, 'workspace.update', input))
  print(options, { document: workspace, text: inWords(workspace) })
}

const WHO_SIGNS_UP: Record<SignUp, string> = {
  open: 'Everybody can make an account.',
  invite: 'Whoever has an invitation can make an account.',
  closed: 'Nobody can make an account by themselves.',
}

function inWords({ name, signUp }: Workspace): string {
  return `${printable(name)}\n${WHO_SIGNS_UP[signUp]}`
}
