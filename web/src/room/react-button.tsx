import { useRef, useState } from 'react'
import { IconButton } from '#theme/button.tsx'
import { laterPart } from '#theme/later-part.tsx'

const EmojiPanel = laterPart(() => import('./emoji-panel.tsx').then((part) => part.EmojiPanel))

interface ReactButtonProps {
  tabIndex: number
  onChoose: (emoji: string) => void
}

export function ReactButton({ tabIndex, onChoose }: ReactButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton
        ref={button}
        icon="smile"
        label="React"
        tabIndex={tabIndex}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        size="small"
      />
      {isOpen && <EmojiPanel button={button} onChoose={onChoose} onClose={() => setOpen(false)} />}
    </>
  )
}
