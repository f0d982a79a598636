export function later(listen: (listener: () => void) => void): void {
  listen(async () => {
    await Promise.resolve()
  })
}
