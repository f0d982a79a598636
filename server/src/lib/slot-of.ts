/** Which of so many slots a key has: the same one everywhere and at all times, and each about as many keys as any other (FNV-1a). */
export function slotOf(key: string, slots: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % slots
}
