/**
 * What people had elsewhere, in the one shape that every reader makes of it. The ids of its messages and notifications are made of what
 * they stand for: what is brought again is there already.
 */
export interface History {
  /** Where the messages go: a room that is there, or one to make. */
  room: { id: string; name: string }
  accounts: NewAccount[]
  outsiders: Outsider[]
  /** In the order in which they were said. */
  messages: PastMessage[]
  notifications: PastNotification[]
}

/** `key`: what the rest of the history calls them. */
export interface Someone {
  key: string
  username: string
  name: string
  createdAt: number
}

/** Somebody who can sign in here, once they have a password. Whoever has this user name already, and is nobody else of the history, is that person and stays as they are. */
export interface NewAccount extends Someone {
  /** Finds it again, also under another user name. */
  id: string
  role: 'admin' | 'member'
  /** Null: until somebody sets one, nobody can sign in. */
  passwordHash: string | null
  isDisabled: boolean
}

/** Somebody of whom there is only what they said: who cannot sign in, be notified, or be a member. */
export interface Outsider extends Someone {
  from: string
}

export interface PastMessage {
  id: string
  /** Of a later part of something long: the id of the first. Whatever became of the text meanwhile, where that one is all of it is. */
  first?: string
  /** A key. */
  author: string
  body: string
  createdAt: number
}

export interface PastNotification {
  id: string
  /** A key. */
  to: string
  title: string
  body: string | null
  isRead: boolean
  createdAt: number
}

/** What was stored of a history, and what was there. */
export interface HistoryReport {
  /** `postedBefore`: how many messages it held, before which the older ones cannot be put. */
  room: { id: string; name: string; isNew: boolean; postedBefore: number }
  accounts: Count
  outsiders: Count
  messages: Count
  notifications: Count
  /** How many notifications that were there, unread, were read at the source since. */
  readSince: number
  /** The user names of accounts that were there. */
  kept: string[]
  /** The user names of new accounts with which nobody can sign in until somebody sets a password. */
  withoutPassword: string[]
  /** New accounts whose user name another of these people has here: what they are called instead. */
  numbered: { username: string; here: string }[]
}

export interface Count {
  stored: number
  there: number
}
