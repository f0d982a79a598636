import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'

/** Which message is being answered. */
export interface Answering {
  id: string
  author: string
  body: string
  /** Nothing is answered any more. */
  onEnd: () => void
}

export function AnsweringNote({ answering }: { answering: Answering }) {
  return (
    <div className="mb-1 flex items-center gap-2 rounded-medium bg-hover py-0.5 pr-0.5 pl-3 text-small text-ink-2">
      <Icon name="answer" className="size-4 flex-none" />
      <span className="min-w-0 flex-1 truncate">
        Answering <b className="font-medium text-ink">{answering.author}</b>: {answering.body}
      </span>
      <IconButton icon="close" size="small" label="Answer nothing (Esc)" onClick={answering.onEnd} />
    </div>
  )
}
