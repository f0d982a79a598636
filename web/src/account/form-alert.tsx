/** What went wrong with a form as a whole; said aloud when it appears. */
export function FormAlert({ children }: { children: string | null }) {
  if (!children) return null
  return (
    <p role="alert" className="mt-4 rounded-medium bg-bad-wash px-3 py-2.5 text-small text-bad">
      {children}
    </p>
  )
}
