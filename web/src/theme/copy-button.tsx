import { type ReactNode, useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './copy-text.ts'
import { Icon } from './icons.tsx'

const SAID_FOR_MS = 2_500

interface CopyButtonProps {
  text: string
  children?: ReactNode
  look?: 'main' | 'plain'
  /** In a dialog: it has the focus first. */
  isFirst?: boolean
}

export function CopyButton({ text, children = 'Copy', look = 'plain', isFirst = false }: CopyButtonProps) {
  const { copied, copy } = useCopy(text)
  return (
    <Button look={look} data-first={isFirst || undefined} onClick={(event) => copy(event.currentTarget)}>
      <Icon name={copied ? 'check' : 'copy'} className="size-4.5" />
      <span aria-live="polite">{copied === null ? children : copied ? 'Copied' : 'Select it and copy it yourself'}</span>
    </Button>
  )
}

/** A short text that is itself the button: an id. */
export function CopyableText({ text, label }: { text: string; label: string }) {
  const { copied, copy } = useCopy(text)
  return (
    <button
      type="button"
      title={`Copy ${label}`}
      onClick={(event) => copy(event.currentTarget)}
      className="relative inline-flex max-w-full items-center gap-1.5 rounded-small font-mono text-tiny text-ink-3 hover:text-ink coarse:before:absolute coarse:before:-inset-x-1 coarse:before:-inset-y-3.5"
    >
      <span className="sr-only">Copy {label}: </span>
      <span className="truncate select-text">{text}</span>
      <Icon name={copied ? 'check' : 'copy'} className="size-3.5" />
      <span aria-live="polite" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

/** `copied`: what became of the last attempt, for a moment. */
function useCopy(text: string) {
  const [copied, setCopied] = useState<boolean | null>(null)
  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return { copied, copy: (near: HTMLElement) => void copyText(text, near).then(setCopied) }
}
