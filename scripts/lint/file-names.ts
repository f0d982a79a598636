import { posix } from 'node:path'
import type { Rule, SyntaxNode } from './rule.ts'

const SAYS_NOTHING = /(?:^|-)(?:utils?|helpers?|types|constants|common|misc|managers?|handlers?|services?)$/

/** Files are named by the domain: no barrel, and no name under which anything would fit. */
export const fileNames: Rule = {
  create(context) {
    return {
      Program(node: SyntaxNode) {
        const name = posix.basename(context.path).replace(/(?:\.test)?\.[a-z]+$/, '')
        if (name === 'index') context.report({ node, message: 'No index file: importers name the file that they mean.' })
        if (SAYS_NOTHING.test(name)) context.report({ node, message: `'${name}' says nothing: name the file by what is in it.` })
      },
    }
  },
}
