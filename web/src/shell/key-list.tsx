import { Button } from '#theme/button.tsx'
import { Dialog } from '#theme/dialog.tsx'

/** The key that Macs have in place of Ctrl. */
const COMMAND = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

const KEYS: readonly [keys: readonly string[], does: string][] = [
  [[COMMAND, 'K'], 'Go to a room or a person'],
  [['Alt', '↑'], 'The room above'],
  [['Alt', '↓'], 'The room below'],
  [['Alt', 'Shift', '↓'], 'The next room with something new'],
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
    <Dialog title="Keys" onClose={onClose}>
      <dl className="mt-3">
        {KEYS.map(([keys, does]) => (
          <div key={does} className="flex items-center gap-4 border-line py-2 not-first:border-t">
            <dd className="min-w-0 flex-1">{does}</dd>
            <dt className="flex flex-none gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-small border border-edge bg-ground px-1.5 py-0.5 text-center font-sans text-small"
                >
                  {key}
                </kbd>
              ))}
            </dt>
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
