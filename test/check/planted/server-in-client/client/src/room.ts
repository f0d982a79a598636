import { post } from '@belfry/server/chat/post-message.ts'

export const room = post
