import { room } from '@belfry/client/room.ts'

export const rows = room
