export function say(kind: 'room' | 'user'): string {
  switch (kind) {
    case 'room':
      return 'a room'
  }
  return ''
}
