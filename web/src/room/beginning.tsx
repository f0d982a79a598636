import { Icon } from '#theme/icons.tsx'

/** Where a room's history starts; in an empty room also the first step. */
export function Beginning({ roomName, isEmpty }: { roomName: string; isEmpty: boolean }) {
  return (
    <div className="px-4 pt-8 pb-2 desk:px-6">
      <span className="grid size-12 place-items-center rounded-large bg-bell-wash text-bell">
        <Icon name="hash" className="size-6" />
      </span>
      <h2 className="mt-3 text-title font-bold tracking-tight">This is {roomName}</h2>
      <p className="mt-1 max-w-[60ch] text-ink-2">
        Everyone on this server is here and reads what is written.{' '}
        {isEmpty ? 'Say hello: your message will be the first.' : 'It begins with the message below.'}
      </p>
    </div>
  )
}
