import { useEffect, useEffectEvent } from 'react'
import { useLocation } from 'wouter'
import { roomPath } from '#account/paths.ts'
import { isTaken } from './keys-taken.ts'
import { roomBeside } from './room-sections.ts'
import { useMarkAllRead } from './use-mark-all-read.ts'
import { useSections } from './use-sections.ts'

interface KeysOptions {
  /** The room on the page. */
  roomId: string | null
  onSwitch: () => void
  onList: () => void
}

/** The keys that work on every page. */
export function useKeys({ roomId, onSwitch, onList }: KeysOptions): void {
  const [, navigate] = useLocation()
  const markAllRead = useMarkAllRead()
  const rooms = useSections(roomId).flatMap((section) => section.rooms)

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const deed = deedFor(event)
    if (!deed || isTaken(event)) return
    // Browsers have uses of their own for some of them.
    event.preventDefault()
    if (deed.is === 'read-all') return markAllRead()
    if (deed.is === 'switch') return onSwitch()
    if (deed.is === 'list') return onList()
    const room = roomBeside(rooms, { current: roomId, step: deed.step, isToNews: deed.isToNews })
    if (room) navigate(roomPath(room.id))
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

type Deed = { is: 'switch' } | { is: 'list' } | { is: 'read-all' } | { is: 'go'; step: 1 | -1; isToNews: boolean }

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target'>

/** Pure: what a key does; null: nothing, or something of where it is pressed. */
export function deedFor({ key, ctrlKey, metaKey, altKey, shiftKey, target }: Pressed): Deed | null {
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') return { is: 'switch' }
  if (key === 'Escape' && shiftKey && !ctrlKey && !metaKey && !altKey) return { is: 'read-all' }
  if (altKey && !ctrlKey && !metaKey && (key === 'ArrowUp' || key === 'ArrowDown'))
    return { is: 'go', step: key === 'ArrowUp' ? -1 : 1, isToNews: shiftKey }
  if (key === '?' && !ctrlKey && !metaKey && !altKey && !takesText(target)) return { is: 'list' }
  return null
}

/** Where a question mark is part of what one writes. */
function takesText(target: EventTarget | null): boolean {
  if (typeof HTMLElement === 'undefined' || !(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
