import { type Message, messageRow } from '@belfry/protocol/rows.ts'

export const composer = (message: Message) => messageRow.parse(message)
