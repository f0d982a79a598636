import type { ReactNode } from 'react'
import type { Result } from '@belfry/protocol/commands.ts'
import { Button } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import { numberWords } from '#theme/number-words.ts'
import { Section } from '#theme/section.tsx'
import { fullDate } from '#theme/times.ts'
import { useNow } from '#theme/use-now.ts'
import { bytesWords, spanWords } from './server-words.ts'
import { useAsked } from './use-asked.ts'

const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

export function ServerPart() {
  const { value, failure, isAway, again } = useAsked('server.get', {})
  return (
    <Section
      title="Server"
      action={
        <Button size="small" onClick={again}>
          Refresh
        </Button>
      }
    >
      {failure && (
        <p role="alert" className="mt-3 text-ink-2">
          <FailedLine onTryAgain={again}>{failure}</FailedLine>
        </p>
      )}
      {isAway && <p className="mt-3 text-ink-2">The figures come as soon as the connection is back.</p>}
      {value && <Facts server={value} />}
      <p className="mt-6 max-w-[66ch] text-small text-ink-2">
        More figures for Prometheus stand at <code className="font-mono">{location.origin}/metrics</code>: open to the machine itself, and
        to others with a key of the scope Metrics. <code className="font-mono">{location.origin}/health</code> says whether the server is
        well.
      </p>
    </Section>
  )
}

function Facts({ server }: { server: Result<'server.get'> }) {
  const now = useNow(30_000)
  const { database } = server
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 tabular-nums">
      <Fact name="Belfry">{server.version}</Fact>
      <Fact name="Node">{server.node}</Fact>
      <Fact name="Database">
        {DATABASES[database.kind]} {database.version}, {bytesWords(database.bytes)}
      </Fact>
      <Fact name="Connections">{numberWords(server.connections)}</Fact>
      <Fact name="People">{numberWords(server.users)}</Fact>
      <Fact name="Messages">{numberWords(server.messages)}</Fact>
      <Fact name="Running for">
        <span title={fullDate(server.startedAt)}>{spanWords(now - server.startedAt)}</span>
        <span className="text-ink-3">, since {fullDate(server.startedAt)}</span>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid border-b border-line py-2.5">
      <dt className="text-ink-2">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}
