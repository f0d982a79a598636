import { Link } from 'wouter'
import { HOME_PATH } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'

/** The way out of a page that is not for whoever opened it. */
export function HomeLink() {
  const isGuest = useAccount().user.role === 'guest'
  return (
    <Link href={HOME_PATH} className="mt-4 inline-block font-medium text-accent underline underline-offset-2">
      {isGuest ? 'Go to your rooms' : 'Go to General'}
    </Link>
  )
}
