import { useId } from 'react'
import type { RoomHandle, TimelineItem } from '@belfry/client/belfry.ts'
import { attempt, tell } from '#shell/notice.tsx'
import { TextButton } from '#theme/button.tsx'
import { copyText } from '#theme/copy-text.ts'

/** What somebody wrote in a room that they lost before it was sent: it is theirs, and stands nowhere else. */
export function Unsent({ room, items }: { room: RoomHandle; items: readonly TimelineItem[] }) {
  const title = useId()
  const refused = items.filter(({ state, wants }) => state === 'failed' && wants === 'post')
  if (refused.length === 0) return null
  return (
    <section aria-labelledby={title} className="mt-8 max-w-[56ch] text-left">
      <h3 id={title} className="font-bold">
        What you wrote there was not sent
      </h3>
      <ul className="mt-2">
        {refused.map(({ id, body }) => (
          <li key={id} className="border-line py-3 not-first:border-t">
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{body}</p>
            <p className="mt-1 flex gap-4 text-small">
              <TextButton onClick={(event) => void copy(body, event.currentTarget)}>Copy</TextButton>
              <TextButton onClick={() => attempt(() => room.discard(id))}>Discard</TextButton>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function copy(text: string, near: HTMLElement): Promise<void> {
  tell((await copyText(text, near)) ? 'The text is copied.' : 'This browser does not let pages copy. Select the text instead.')
}
