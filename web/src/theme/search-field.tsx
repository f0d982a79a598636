import { Icon } from './icons.tsx'

interface SearchFieldProps {
  /** What it is for, to whoever does not see its place. */
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
  /** What Enter does, in place of sending the form. */
  onEnter?: () => void
  className?: string
}

/** Finds while one types. After Enter one goes on with other words. */
export function SearchField({ label, placeholder, value, onChange, onEnter, className = '' }: SearchFieldProps) {
  return (
    <span className={`relative block ${className}`}>
      <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-4.5 text-ink-3" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        value={value}
        maxLength={64}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (!onEnter || event.key !== 'Enter' || event.nativeEvent.isComposing) return
          event.preventDefault()
          event.currentTarget.select()
          onEnter()
        }}
        className="h-10 w-full rounded-medium border border-edge bg-ground pr-3 pl-9.5 text-touch outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:opacity-60 [&::-webkit-search-cancel-button]:grayscale focus:border-accent focus:ring-3 focus:ring-halo coarse:h-11"
      />
    </span>
  )
}
