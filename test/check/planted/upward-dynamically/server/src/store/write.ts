export function write() {
  return import('#realtime/feeds.ts')
}
