import { pbkdf2Sync } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect } from 'vitest'
import { launched } from './journey.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { World } from './world.ts'

const PASSWORDS = { admin: 'admin-pass-2026', prachi: 'prachi-pass-2026', aman: 'aman-pass-2026' }

describe('the walk through the Django demo, with Belfry in its place', () => {
  launched(
    '[N1] [N3] administration, chat in two browsers, history, one person’s bell, unread after signing in again',
    async ({ browser }) => {
      await using world = await World.empty(browser)
      await world.belfry('import', 'django', demoDatabase(world.folder))

      const admin = await (await world.visitor('admin')).opens('/admin')
      await admin.page.waitForURL(/\/sign-in\?next=/)
      await admin.signsIn('admin', PASSWORDS.admin)
      await admin.page.getByRole('heading', { name: 'Administration' }).waitFor()
      const prachiId = await idOf(admin, 'prachi')

      const [prachi, aman] = [await enters(world, 'prachi'), await enters(world, 'aman')]
      for (const screen of [prachi, aman]) await screen.sees('Is the build green?', 'Since nine o’clock.')
      await prachi.writes('Good morning, with Belfry')
      await aman.sees('Good morning, with Belfry')
      await aman.writes('It came over, all of it')
      await prachi.sees('It came over, all of it')
      for (const screen of [prachi, aman]) {
        await screen.page.reload()
        await screen.sees('Is the build green?', 'Good morning, with Belfry', 'It came over, all of it')
      }

      await prachi.rings(1)
      await admin.page.goto(`${admin.person.network.url}/trigger-notification/${prachiId}/`)
      await admin.page.getByLabel('Title').fill('Your export is ready')
      await prachi.rings(1)
      await admin.button('Send').click()
      await admin.page.getByText(/^Stored for/).waitFor()
      await prachi.rings(2)

      await prachi.signsOut()
      await prachi.signsIn('prachi', PASSWORDS.prachi)
      await prachi.rings(2)
      await prachi.opensInbox()
      await prachi.item('Your export is ready').waitFor()
      await prachi.item('Disk almost full').waitFor()
      await aman.opensInbox()
      await aman.seesAllRead()
      expect(await aman.person.received()).not.toContain('export is ready')
      expect(world.complaints).toEqual([])
    },
  )
})

async function enters(world: World, username: 'prachi' | 'aman'): Promise<Screen> {
  const screen = await (await world.visitor(username)).opens('/chat')
  await screen.signsIn(username, PASSWORDS[username])
  await screen.log.waitFor()
  return screen
}

/** As the list of people shows it. */
async function idOf({ page }: Screen, username: string): Promise<string> {
  const row = page.getByRole('listitem').filter({ hasText: username }).first()
  await row.waitFor()
  const id = async () => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await row.innerText())?.[0]
  await expect.poll(id, PATIENCE).toBeTruthy()
  return (await id())!
}

/** What the demo leaves behind: its tables, as Django makes them, with a few rows. */
function demoDatabase(folder: string): string {
  const path = join(folder, 'demo.sqlite3')
  const demo = new DatabaseSync(path)
  demo.exec(TABLES)
  const users = Object.entries(PASSWORDS)
  for (const [at, [name, password]] of users.entries()) {
    demo
      .prepare(`INSERT INTO auth_user VALUES (?, ?, NULL, ?, ?, '', '', ?, 1, '2026-01-05 08:00:00', '')`)
      .run(at + 1, djangoHash(password), Number(name === 'admin'), name, Number(name === 'admin'))
  }
  demo.exec(ROWS)
  demo.close()
  return path
}

function djangoHash(password: string): string {
  const [iterations, salt] = [260_000, 'NaClNaClNaClNaClNaClNa']
  return `pbkdf2_sha256$${iterations}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')}`
}

const TABLES = `
  CREATE TABLE auth_user (id integer PRIMARY KEY, password varchar(128) NOT NULL, last_login datetime, is_superuser bool NOT NULL,
    username varchar(150) NOT NULL UNIQUE, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL, is_staff bool NOT NULL,
    is_active bool NOT NULL, date_joined datetime NOT NULL, first_name varchar(150) NOT NULL);
  CREATE TABLE chat_chatmessage (id integer PRIMARY KEY, message text NOT NULL, timestamp datetime NOT NULL,
    user_id integer NOT NULL REFERENCES auth_user (id));
  CREATE TABLE chat_notification (id integer PRIMARY KEY, message text NOT NULL, is_read bool NOT NULL, timestamp datetime NOT NULL,
    user_id integer NOT NULL REFERENCES auth_user (id));`

const ROWS = `
  INSERT INTO chat_chatmessage VALUES (1, 'Is the build green?', '2026-02-01 09:00:00', 2), (2, 'Since nine o’clock.', '2026-02-01 09:01:00.250000', 3);
  INSERT INTO chat_notification VALUES (1, 'Welcome', 1, '2026-02-01 08:00:00', 2), (2, 'Disk almost full', 0, '2026-02-01 09:02:00', 2);`
