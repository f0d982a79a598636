/** Stands above the first message that one had not read, for as long as one is in the room. */
export function NewLine() {
  return (
    <p
      data-new
      className="flex items-center gap-3 px-4 pt-2 text-meta font-bold text-bell before:h-px before:flex-1 before:bg-bell/60 desk:px-6"
    >
      <span>New</span>
    </p>
  )
}
