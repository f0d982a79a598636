import { randomUUID } from 'node:crypto'

export const room = randomUUID()
