import { useAccount } from '#account/use-account.ts'
import { TextButton } from '#theme/button.tsx'
import { useTrouble } from './connection-watch.tsx'

const AT = {
  head: { place: 'relative z-20 h-0', bar: 'absolute inset-x-0 top-0 border-b' },
  foot: { place: '', bar: 'border-t' },
}

/** One slim bar while something is wrong, with what one can do about it. Under the head it lies over the list, above what stands at the foot below it: what one reads stays where it is. */
export function ConnectionBar({ at = 'head' }: { at?: keyof typeof AT }) {
  const { belfry } = useAccount()
  const words = useTrouble()
  if (!words) return null
  return (
    <div className={`${AT[at].place} flex-none`}>
      <div
        className={`${AT[at].bar} flex min-h-9 animate-appear flex-wrap items-center gap-x-2 border-line bg-bell-wash px-4 py-1.5 text-small desk:px-6`}
      >
        {/* Told once, elsewhere: not with every attempt and every message that joins the queue. */}
        <p role="status" aria-live="off">
          {words.text}
        </p>
        {words.countdown && <p className="text-ink-2 tabular-nums">{words.countdown}</p>}
        {words.action === 'try-now' && (
          <TextButton onClick={() => belfry.retryNow()} className="text-accent max-desk:ml-auto">
            Try now
          </TextButton>
        )}
        {words.action === 'reload' && (
          <TextButton onClick={() => location.reload()} className="text-accent max-desk:ml-auto">
            Reload
          </TextButton>
        )}
      </div>
    </div>
  )
}
