import type { Rule, SyntaxNode } from './rule.ts'

/** One word, one meaning: [what is banned, what to say]. */
const BANNED: [RegExp, string][] = [[/channel/i, 'room (people talk there), topic (rows that share a counter) or bus (between nodes)']]

/** Names that are others' own: the platform's, and of packages that one may have to install. */
const ALLOWED = /BroadcastChannel|MessageChannel|diagnostics_channel|django-channels|channels-redis/g

/** Words that have another name here, in identifiers, strings and texts. */
export const words: Rule = {
  create(context) {
    return {
      Identifier: (node: SyntaxNode & { name: string }) => check(node, node.name),
      PrivateIdentifier: (node: SyntaxNode & { name: string }) => check(node, node.name),
      JSXIdentifier: (node: SyntaxNode & { name: string }) => check(node, node.name),
      JSXText: (node: SyntaxNode & { value: string }) => check(node, node.value),
      Literal: (node: SyntaxNode & { value: unknown }) => check(node, node.value),
      TemplateElement: (node: SyntaxNode & { value: { raw: string } }) => check(node, node.value.raw),
    }

    function check(node: SyntaxNode, text: unknown): void {
      if (typeof text !== 'string') return
      const ours = text.replaceAll(ALLOWED, '')
      for (const [word, instead] of BANNED) if (word.test(ours)) context.report({ node, message: `'${text.trim()}': say ${instead}.` })
    }
  },
}
