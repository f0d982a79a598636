/** The small part of oxlint's plugin interface that these rules use. */
export interface Rule {
  create(context: RuleContext): Record<string, (node: never) => void>
}

export interface RuleContext {
  /** From the root of the repository. */
  path: string
  report(problem: { node: SyntaxNode; message: string }): void
}

export interface SyntaxNode {
  type: string
}

export interface ImportNode extends SyntaxNode {
  source?: { value?: unknown } | null
  importKind?: string
  exportKind?: string
}
