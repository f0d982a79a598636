import { describe, expect, test } from 'vitest'
import { findTables, type Named } from '#import/django-tables.ts'
import type { Column, Table } from '#import/django-schema.ts'

const USER = table('auth_user', 'id*', 'password varchar(128)', 'last_login datetime', 'username varchar(150)', 'date_joined datetime')
const LOG = table('django_admin_log', 'id*', 'action_time datetime', 'change_message text', 'user_id>auth_user')
const TOKEN = table('authtoken_token', 'key* varchar(40)', 'created datetime', 'user_id>auth_user')
const MESSAGE = table('chat_chatmessage', 'id*', 'message text', 'timestamp datetime', 'user_id>auth_user')
const NOTIFICATION = table('chat_notification', 'id*', 'message text', 'is_read bool', 'timestamp datetime', 'user_id>auth_user')

describe('messages and notifications are found by their shape', () => {
  test.each<[string, Table, string[]]>([
    ['as in the demo', MESSAGE, ['user_id', 'message', 'timestamp']],
    [
      'other columns',
      table('chat_message', 'id*', 'content text', 'created_at datetime', 'sender_id>auth_user'),
      ['sender_id', 'content', 'created_at'],
    ],
    ['a short text', table('chat_message', 'id*', 'body varchar(500)', 'at datetime', 'by_id>auth_user'), ['by_id', 'body', 'at']],
    [
      'an unusual name',
      table('talk_line', 'id*', 'words text', 'when datetime', 'edited datetime', 'user_id>auth_user'),
      ['user_id', 'words', 'when'],
    ],
    ['no foreign key', table('core_msg', 'id*', 'text text', 'sent_at timestamp', 'author_id integer'), ['author_id', 'text', 'sent_at']],
    [
      'with a flag',
      table('core_chatmessage', 'id*', 'text text', 'date datetime', 'read bool', 'user_id>auth_user'),
      ['user_id', 'text', 'date'],
    ],
    [
      'answers',
      table('core_message', 'id*', 'text text', 'date datetime', 'parent_id>core_message', 'user_id>auth_user'),
      ['user_id', 'text', 'date'],
    ],
  ])('messages: %s', (_, messages, columns) => {
    const found = find([USER, LOG, TOKEN, messages, NOTIFICATION])
    expect(found.messages).toMatchObject({ table: messages.name, key: 'id' })
    expect([found.messages!.person, found.messages!.text, found.messages!.time]).toEqual(columns)
    expect(found.notifications).toMatchObject({ table: 'chat_notification' })
  })

  test.each<[string, Table, object]>([
    ['as in the demo', NOTIFICATION, { person: 'user_id', text: 'message', title: null, flag: { column: 'is_read', isInverse: false } }],
    [
      'a title',
      table('core_alert', 'id*', 'title varchar(200)', 'body text', 'seen bool', 'created datetime', 'owner_id>auth_user'),
      { title: 'title', text: 'body' },
    ],
    [
      'who caused it',
      table(
        'core_notification',
        'id*',
        'verb varchar(255)',
        'unread bool',
        'timestamp datetime',
        'recipient_id>auth_user',
        'actor_id>auth_user',
      ),
      { person: 'recipient_id', flag: { column: 'unread', isInverse: true } },
    ],
    [
      'an unusual name',
      table('core_ring', 'id*', 'text text', 'viewed tinyint(1)', 'time datetime', 'user_id>auth_user'),
      { person: 'user_id' },
    ],
  ])('notifications: %s', (_, notifications, shape) => {
    const found = find([USER, LOG, TOKEN, MESSAGE, notifications])
    expect(found.notifications).toMatchObject({ table: notifications.name, ...shape })
    expect(found.messages).toMatchObject({ table: 'chat_chatmessage' })
  })

  test('the accounts are Django’s, or a model of the project’s own', () => {
    const own = { ...USER, name: 'people_member' }
    const legacy = table('shop_customer', 'id*', 'username varchar(10)', 'password varchar(10)')
    const messages = table('chat_message', 'id*', 'text text', 'date datetime', 'who_id>people_member')
    const found = find([legacy, own, messages])
    expect(found.accounts.name).toBe('people_member')
    expect(found.messages?.person).toBe('who_id')
    expect(() => find([MESSAGE, LOG])).toThrow(/no table holds accounts/)
  })
})

describe('what is not clear is not guessed', () => {
  const OTHER = table('blog_post', 'id*', 'body text', 'created datetime', 'author_id>auth_user')
  const MORE = table('old_chatmessage', 'id*', 'message text', 'timestamp datetime', 'user_id>auth_user')

  test('of several that fit, the one whose name fits too; otherwise it has to be said', () => {
    expect(find([USER, OTHER, MESSAGE]).messages?.table).toBe('chat_chatmessage')
    expect(() => find([USER, MORE, MESSAGE])).toThrow(
      'Several tables could hold the messages: old_chatmessage, chat_chatmessage. Say which: --messages TABLE.',
    )
    expect(find([USER, MORE, MESSAGE], { messages: 'old_chatmessage' }).messages?.table).toBe('old_chatmessage')
  })

  test('none that fits is said, and so is which was taken', () => {
    const { messages, notifications, remarks } = find([USER, LOG, TOKEN])
    expect([messages, notifications]).toEqual([null, null])
    expect(remarks).toEqual([
      expect.stringContaining('Messages: no table has their shape.'),
      expect.stringContaining('Notifications: no table'),
    ])
    expect(find([USER, MESSAGE]).remarks[0]).toBe(
      'Messages were taken from chat_chatmessage (user_id, message, timestamp); another table: --messages TABLE.',
    )
  })

  test('what two people said to each other is not put before everybody', () => {
    const direct = table('chat_message', 'id*', 'text text', 'date datetime', 'sender_id>auth_user', 'receiver_id>auth_user')
    const found = find([USER, direct])
    expect(found.messages).toBeNull()
    expect(found.remarks).toContainEqual(expect.stringMatching(/^chat_message names several people .*may be private/))
    expect(find([USER, direct], { messages: 'chat_message' }).messages?.person).toBe('sender_id')
  })

  test.each<[string, string[]]>([
    ['a name without a foreign key', ['sender_id>auth_user', 'receiver varchar(150)']],
    ['the name of a user name', ['author_id>auth_user', 'recipient_username varchar(150)']],
    ['numbers without foreign keys', ['sender_id', 'to_id']],
    ['a foreign key of an unusual name', ['sender_id>auth_user', 'for_whom_id>auth_user']],
  ])('nor is it when the other one is %s', (_, people) => {
    const direct = table('chat_privatemessage', 'id*', 'content text', 'timestamp datetime', ...people)
    const found = find([USER, direct])
    expect(found.messages).toBeNull()
    expect(found.remarks).toContainEqual(expect.stringMatching(/^chat_privatemessage names several people .*may be private/))
    expect(find([USER, direct], { messages: 'chat_privatemessage' }).messages?.table).toBe('chat_privatemessage')
  })

  test('nor is what another table addresses to people', () => {
    const messages = table('chat_message', 'id*', 'text text', 'created datetime', 'author_id>auth_user')
    const recipients = table('chat_message_recipients', 'id*', 'message_id>chat_message', 'user_id>auth_user')
    const found = find([USER, messages, recipients])
    expect(found.messages).toBeNull()
    expect(found.remarks).toContainEqual(expect.stringMatching(/^chat_message_recipients links the messages of chat_message with people/))
    expect(find([USER, messages, recipients], { messages: 'chat_message' }).messages?.person).toBe('author_id')
    const tags = table('chat_message_tags', 'id*', 'message_id>chat_message', 'tag_id>chat_tag')
    expect(find([USER, messages, tags]).messages?.table).toBe('chat_message')
  })

  test('an author with their name beside it is one person', () => {
    const signed = table('chat_message', 'id*', 'text text', 'date datetime', 'author_id>auth_user', 'author_name varchar(150)')
    expect(find([USER, signed]).messages?.person).toBe('author_id')
  })

  test('what was said in several rooms is not put into one, unless it was one after all', () => {
    const inRooms = table('chat_message', 'id*', 'text text', 'date datetime', 'user_id>auth_user', 'room_id>chat_room')
    const named = table('chat_message', 'id*', 'text text', 'date datetime', 'user_id>auth_user', 'room_name varchar(50)')
    for (const messages of [inRooms, named]) {
      expect(find([USER, messages]).messages).toBeNull()
      expect(find([USER, messages]).remarks).toContainEqual(expect.stringMatching(/^chat_message says in which room/))
      expect(findTables([USER, messages], {}, () => true).messages?.table).toBe('chat_message')
      expect(find([USER, messages], { messages: 'chat_message' }).messages?.table).toBe('chat_message')
    }
  })

  test('a table that was named must be there, and have the shape', () => {
    expect(() => find([USER, MESSAGE], { messages: 'nothing' })).toThrow(
      'There is no table nothing of the project’s own. There is: chat_chatmessage.',
    )
    expect(() => find([USER, MESSAGE, TOKEN], { messages: 'authtoken_token' })).toThrow(/does not say clearly/)
    expect(() => find([USER, MESSAGE], { notifications: 'chat_chatmessage' })).toThrow(/a flag that it was read/)
    expect(() => find([USER, MESSAGE, LOG], { messages: 'django_admin_log' })).toThrow(/There is no table django_admin_log/)
  })
})

function find(tables: Table[], named: Named = {}): ReturnType<typeof findTables> {
  return findTables(tables, named, () => false)
}

/** `id*` is the key, `user_id>auth_user` leads there, `text varchar(9)` is of this type; otherwise integers. */
function table(name: string, ...columns: string[]): Table {
  return { name, columns: columns.map(column) }
}

function column(says: string): Column {
  const [, name, key, leadsTo, type] = /^(\w+)(\*)?(?:>(\w+))?(?: (.+))?$/.exec(says)!
  return { name: name!, type: type ?? 'integer', isKey: key !== undefined, references: leadsTo ?? null }
}
