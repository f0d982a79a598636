import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'

export const room = (message: Message) => roomTopic(message.roomId)
