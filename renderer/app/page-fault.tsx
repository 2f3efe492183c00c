import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Copyable } from '../ui/copyable.tsx'

/** A page that broke says so in its own place; the frame and every other page go on. */
export class PageFault extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <main className="readable flex h-full flex-1 flex-col items-start gap-4 p-6">
        <h1 className="text-title">This page could not be drawn</h1>
        <p className="max-w-[72ch]">
          Nothing was changed by it and the other pages work. The line below helps whoever mends it.
        </p>
        <Copyable text={`${error.name}: ${error.message}`} />
        <Button onClick={() => this.setState({ error: null })}>Draw it again</Button>
      </main>
    )
  }
}
