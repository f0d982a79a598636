export function later(): void {
  wait()
}

async function wait(): Promise<void> {
  await Promise.resolve()
}
