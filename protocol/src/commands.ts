import type { z } from 'zod'
import { accountCommands } from './account-commands.ts'
import { adminCommands } from './admin-commands.ts'
import { chatCommands } from './chat-commands.ts'
import { notificationCommands } from './notification-commands.ts'
import { roomCommands } from './room-commands.ts'
import { type CommandName, ROUTES } from './routes.ts'

export type { Command, Right, Scope } from './command.ts'
export type { CommandName } from './routes.ts'
export { rightsOf, SCOPES } from './command.ts'
export { userInput } from './account-commands.ts'

const declared = { ...accountCommands, ...roomCommands, ...chatCommands, ...notificationCommands, ...adminCommands }

type Commands = { [N in CommandName]: (typeof declared)[N] & (typeof ROUTES)[N] }

/** Every command, once: the socket calls it by name, HTTP by its route. */
export const commands = Object.fromEntries(
  (Object.keys(ROUTES) as CommandName[]).map((name) => [name, { ...ROUTES[name], ...declared[name] }]),
) as unknown as Commands

export type Input<N extends CommandName> = z.input<(typeof commands)[N]['input']>
export type Parsed<N extends CommandName> = z.output<(typeof commands)[N]['input']>
export type Result<N extends CommandName> = z.output<(typeof commands)[N]['result']>
