import type { Command } from 'commander'

/** What the verbs stand under. */
export function noun(belfry: Command, name: string, description: string): Command {
  return belfry.command(name).description(description).helpCommand(false)
}

/** Every command answers people in words, and programs in one JSON document. */
export function withJson(command: Command, says = 'One JSON document on standard output; errors as one on standard error'): Command {
  return command.option('--json', says)
}

export function examples(...lines: string[]): string {
  return `\nFor example:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
