import { useState } from 'react'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '@belfry/protocol/limits.ts'
import { passwordMistake } from '#account/sign-up-mistakes.ts'
import { TextButton } from '#theme/button.tsx'
import { Field } from '#theme/field.tsx'
import { generatePassword } from './generate-password.ts'

/** A password for somebody else: one of one's own, or one that is made here and passed on. */
export function usePasswordForOther() {
  const [password, setPassword] = useState('')
  const [isGenerated, setGenerated] = useState(false)
  const [mistake, setMistake] = useState<string>()
  return {
    password,
    isGenerated,
    mistake,
    type(typed: string) {
      setPassword(typed)
      setGenerated(false)
    },
    generate() {
      setPassword(generatePassword())
      setGenerated(true)
      setMistake(undefined)
    },
    /** Whether it will do; says what does not. */
    check(): boolean {
      const found = passwordMistake(password)
      setMistake(found)
      return found === undefined
    },
  }
}

export function PasswordField({ label, chosen }: { label: string; chosen: ReturnType<typeof usePasswordForOther> }) {
  return (
    <>
      <Field
        label={label}
        name="password"
        type={chosen.isGenerated ? 'text' : 'password'}
        value={chosen.password}
        onChange={(event) => chosen.type(event.target.value)}
        autoComplete="new-password"
        spellCheck={false}
        maxLength={PASSWORD_MAX_CHARS}
        hint={chosen.isGenerated ? 'You can copy it in the next step.' : `At least ${PASSWORD_MIN_CHARS} characters`}
        mistake={chosen.mistake}
      />
      <p className="mt-1.5 text-small">
        <TextButton onClick={chosen.generate} className="text-accent">
          {chosen.isGenerated ? 'Generate another one' : 'Generate a password'}
        </TextButton>
      </p>
    </>
  )
}
