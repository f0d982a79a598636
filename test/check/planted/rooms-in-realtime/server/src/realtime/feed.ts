import { rooms } from '#chat/rooms.ts'

export const feed = rooms
