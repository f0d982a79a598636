import { News } from './news.ts'

/** Somebody here has marked a notification as unread, or as read; `url`: where it leads. */
export const marked = new News<[url: string, isUnread: boolean]>()
