import { feeds } from '#realtime/feeds.ts'

export const write = feeds
