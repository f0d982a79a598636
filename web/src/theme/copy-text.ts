/** Puts text on the clipboard, and says whether that worked. `near`: where in the page it was asked for. */
export async function copyText(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text, near)
  }
}

/** On plain http there is no clipboard but for what is selected; in an open dialog only what stands in it can be. */
function copySelected(text: string, near: HTMLElement): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.className = 'fixed opacity-0'
  ;(near.parentElement ?? document.body).append(area)
  area.select()
  try {
    return document.execCommand('copy')
  } finally {
    area.remove()
    near.focus()
  }
}
