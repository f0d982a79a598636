import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { Session } from '#account/session.ts'
import { keepShell } from '#shell/keep-shell.ts'
import { App } from './app.tsx'

const session = new Session(location.origin)

createRoot(document.getElementById('root')!).render(<App session={session} />)
keepShell()
