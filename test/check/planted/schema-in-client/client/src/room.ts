import { messageRow } from '@belfry/protocol/rows.ts'

export const room = messageRow
