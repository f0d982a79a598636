export function RoomGone() {
  return (
    <div className="grid flex-1 place-items-center px-6 text-center">
      <div>
        <h2 className="text-large font-bold">This room is not open to you</h2>
        <p className="mt-1 max-w-[44ch] text-ink-2">
          It was closed, or you were taken out of it. If that is a mistake, ask whoever runs this server.
        </p>
      </div>
    </div>
  )
}
