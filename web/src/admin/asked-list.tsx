import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import type { Asked } from './use-asked.ts'
import type { usePages } from './use-pages.ts'

interface AskedListProps<Item> {
  asked: Asked<{ items: Item[]; next: string | null }>
  pages: ReturnType<typeof usePages>
  /** '1–50 of 312' */
  where?: string
  empty: ReactNode
  label: string
  children: (item: Item) => ReactNode
}

/** A page of a list: until it is there, when it failed or cannot be had, when it is empty, and how to leaf on. */
export function AskedList<Item>({ asked, pages, where, empty, label, children }: AskedListProps<Item>) {
  const { value, failure, isOfEarlier, isAway, again } = asked
  const top = useBackToTop(pages.index)
  if (failure) {
    return (
      <p role="alert" className="py-8 text-center text-ink-2">
        <FailedLine onTryAgain={again}>{failure}</FailedLine>
      </p>
    )
  }
  if (isAway) return <p className="py-8 text-center text-ink-2">This list comes as soon as the connection is back.</p>
  if (!value) return <RowsSkeleton />
  if (value.items.length === 0 && pages.index === 0) return <div className="py-10 text-center text-ink-2">{empty}</div>
  return (
    <>
      <ul ref={top} aria-label={label} aria-busy={isOfEarlier} className={`mt-2 ${isOfEarlier ? 'opacity-60' : ''}`}>
        {value.items.map(children)}
      </ul>
      {(value.next !== null || pages.index > 0) && <Pager next={value.next} pages={pages} where={where} />}
    </>
  )
}

/** Who leafs on begins to read at the top. */
function useBackToTop(index: number) {
  const list = useRef<HTMLUListElement>(null)
  const shown = useRef(index)
  useEffect(() => {
    if (index !== shown.current) list.current?.scrollIntoView({ block: 'start' })
    shown.current = index
  }, [index])
  return list
}

function Pager({ next, pages, where }: { next: string | null; pages: ReturnType<typeof usePages>; where: string | undefined }) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line pt-3">
      {where && <p className="mr-auto text-small text-ink-3 tabular-nums">{where}</p>}
      <Button size="small" disabled={pages.index === 0} onClick={pages.toPrevious}>
        Previous
      </Button>
      <Button size="small" disabled={next === null} onClick={() => next !== null && pages.toNext(next)}>
        Next
      </Button>
    </div>
  )
}

function RowsSkeleton() {
  return (
    <div className="mt-2 animate-later" aria-busy="true">
      <p className="sr-only">Loading</p>
      {[0, 1, 2].map((at) => (
        <div key={at} className="flex animate-breathe gap-3 py-3">
          <span className="size-10 flex-none rounded-medium bg-line/70" />
          <span className="flex-1 pt-1">
            <span className="block h-3 w-1/3 rounded-small bg-line/70" />
            <span className="mt-2.5 block h-3 w-2/3 rounded-small bg-line/70" />
          </span>
        </div>
      ))}
    </div>
  )
}
