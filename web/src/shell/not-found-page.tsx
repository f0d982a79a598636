import { Link } from 'wouter'
import { Door } from '#account/door.tsx'
import { HOME_PATH } from '#account/paths.ts'

export function NotFoundPage() {
  return (
    <Door pageName="Not found" title="There is no page here" lead="The address may be mistyped, or the page may have moved.">
      <Link href={HOME_PATH} className="mt-5 inline-block font-medium text-accent underline underline-offset-2">
        Go to your rooms
      </Link>
    </Door>
  )
}
