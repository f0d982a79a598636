import type { Rule, SyntaxNode } from './rule.ts'

/** `enum` makes code where a union of strings makes none. */
export const noEnum: Rule = {
  create(context) {
    return {
      TSEnumDeclaration: (node: SyntaxNode) => context.report({ node, message: "No enum: a union of strings, or an object 'as const'." }),
    }
  },
}

/** `export * from` hides where a name comes from. */
export const noBarrel: Rule = {
  create(context) {
    return {
      ExportAllDeclaration: (node: SyntaxNode) => context.report({ node, message: 'No barrel: importers name the file that they mean.' }),
    }
  },
}
