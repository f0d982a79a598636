import { relative, resolve, sep } from 'node:path'
import { fileNames } from './file-names.ts'
import { layers } from './layers.ts'
import type { Rule } from './rule.ts'
import { noBarrel, noEnum } from './syntax.ts'
import { words } from './words.ts'

const ROOT = resolve(import.meta.dirname, '..', '..')
const PLANTED = /^test\/check\/planted\/[^/]+\//

// oxlint asks for a default export.
export default {
  meta: { name: 'belfry' },
  rules: {
    'layers': fromRoot(layers),
    'file-names': fromRoot(fileNames),
    'words': fromRoot(words),
    'no-enum': fromRoot(noEnum),
    'no-barrel': fromRoot(noBarrel),
  },
}

interface OxlintContext {
  filename: string
  report(problem: object): void
}

/** The rules see paths from the root; a planted violation stands where it pretends to stand. */
function fromRoot(rule: Rule) {
  return {
    create(context: OxlintContext) {
      const path = relative(ROOT, context.filename).replaceAll(sep, '/').replace(PLANTED, '')
      return rule.create({ path, report: (problem) => context.report(problem) })
    },
  }
}
