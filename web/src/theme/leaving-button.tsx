import { type ComponentProps, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import { Button } from './button.tsx'

type LeavingButtonProps = ComponentProps<typeof Button> & {
  /** It works: pressed again it does nothing. Disabled it would lose the focus. */
  isBusy?: boolean
  /** Focuses something else when it leaves the page with the focus. */
  onFocusLost: () => void
}

/** A button that goes, or whose row goes, once its work is done. */
export function LeavingButton({ isBusy = false, onFocusLost, onClick, ...rest }: LeavingButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  useHandingOn(button, onFocusLost)
  return <Button ref={button} aria-disabled={isBusy} onClick={isBusy ? undefined : onClick} {...rest} />
}

/** Seen while it still stands there, and done once whatever takes its place does. */
function useHandingOn(button: { current: HTMLElement | null }, onFocusLost: () => void): void {
  const hadFocus = useRef(false)
  const handOn = useEffectEvent(onFocusLost)
  useLayoutEffect(() => {
    const element = button.current
    return () => {
      hadFocus.current = element !== null && element === document.activeElement
    }
  }, [button])
  useEffect(() => () => void (hadFocus.current && handOn()), [])
}
