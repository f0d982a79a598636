/** A named set of rows that share one counter. */
export type Topic = `room:${string}` | `user:${string}` | 'workspace'

export type TopicKind = 'room' | 'user' | 'workspace'

/** What everybody sees: the workspace's own row and people's public profiles. */
export const WORKSPACE_TOPIC = 'workspace'

/** The room that is always there, with everyone in it. */
export const GENERAL_ROOM = 'general'

export function roomTopic(roomId: string): Topic {
  return `room:${roomId}`
}

export function userTopic(userId: string): Topic {
  return `user:${userId}`
}

/** `room:general` → `{kind: 'room', id: 'general'}`; null for what names no topic. */
export function parseTopic(topic: string): { kind: TopicKind; id: string } | null {
  if (topic === WORKSPACE_TOPIC) return { kind: 'workspace', id: WORKSPACE_TOPIC }
  const match = /^(room|user):([0-9a-z-]{1,64})$/.exec(topic)
  return match ? { kind: match[1] as TopicKind, id: match[2]! } : null
}
