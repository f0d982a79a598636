import { Section } from '#theme/section.tsx'
import { clock } from '#theme/times.ts'
import { BlockedSection } from './blocked-section.tsx'
import { DevicesSection } from './devices-section.tsx'
import { NameSection } from './name-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { PictureSection } from './picture-section.tsx'

export function ProfileParts() {
  return (
    <>
      <NameSection />
      <PictureSection />
      <PasswordSection />
      <DevicesSection />
      <BlockedSection />
      <Section
        title="Dates and times"
        lead={`They follow the language of your browser, in your time zone: it is ${clock(Date.now())} now. To see them otherwise, change the browser’s language.`}
      />
    </>
  )
}
