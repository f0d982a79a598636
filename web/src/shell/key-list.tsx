import { Button } from '#theme/button.tsx'
import { Dialog } from '#theme/dialog.tsx'

/** The keys that Macs have in place of Ctrl and Alt. */
const [COMMAND, ALT] = /Mac|iPhone|iPad/.test(navigator.userAgent) ? ['⌘', '⌥'] : ['Ctrl', 'Alt']

const KEYS: readonly [keys: readonly string[], does: string][] = [
  [[COMMAND, 'K'], 'Go to a room or a person'],
  [[ALT, '↑'], 'The room above'],
  [[ALT, '↓'], 'The room below'],
  [[ALT, 'Shift', '↑'], 'The next unread above'],
  [[ALT, 'Shift', '↓'], 'The next unread below'],
  [['Esc'], 'Mark the room as read'],
  [['Shift', 'Esc'], 'Mark all rooms as read'],
  [['↑'], 'Change your last message, from an empty box'],
  [['Enter'], 'Send'],
  [['Shift', 'Enter'], 'A new line'],
  [['@'], 'Name somebody'],
  [['?'], 'This list'],
]

export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      <dl className="mt-3">
        {KEYS.map(([keys, does]) => (
          <div key={does} className="flex items-center gap-4 border-line py-2 not-first:border-t">
            <dt className="order-last flex flex-none gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-small border border-edge bg-ground px-1.5 py-0.5 text-center font-sans text-small"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="min-w-0 flex-1">{does}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 flex justify-end">
        <Button data-first onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
