import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Workspace } from '@belfry/protocol/rows.ts'
import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { findWorkspace } from './settings.ts'

/** workspace.update: its name, and who may make an account. */
export async function updateWorkspace(tx: Tx, { input, actor }: Write<Parsed<'workspace.update'>>): Promise<Workspace> {
  await tx.lock(...topicsOfAdmin(actor))
  await requireAdmin(tx, actor)
  const before = await findWorkspace(tx.db)
  const { name = before.name, signUp = before.signUp } = input
  if (name === before.name && signUp === before.signUp) return before
  return tx.change(WORKSPACE_TOPIC, { kind: 'workspace', row: { ...before, name, signUp } })
}
