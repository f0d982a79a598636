/** There is no connection, and this browser has kept nothing of the room. */
export function RoomNotHere() {
  return (
    <div className="grid flex-1 place-items-center px-6 text-center">
      <div>
        <h2 className="text-large font-bold">This room is not on this device yet</h2>
        <p className="mt-1 max-w-[44ch] text-balance text-ink-2">
          It opens as soon as the connection is back. What you write is sent then.
        </p>
      </div>
    </div>
  )
}
