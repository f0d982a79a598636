/** What went wrong with a form as a whole; said aloud when it appears. */
export function FormAlert({ children }: { children: string | null }) {
  if (!children) return null
  return (
    <p role="alert" className="mt-4 rounded-medium bg-bad-wash px-3 py-2.5 text-small text-bad">
      {children}
    </p>
  )
}

/** What a form has done; said aloud when it appears. */
export function FormSaid({ children }: { children: string }) {
  return (
    <p role="status" className="text-small text-ink-2 not-empty:mt-3">
      {children}
    </p>
  )
}
