import type { LayerContent, LayerRef } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'

type Client = Engine['client']

const dayMs = 86_400_000
const content = (change: Partial<LayerContent>): LayerContent => ({
  sections: {},
  raw: { openclaw: {} },
  excepts: [],
  ...change,
})

/** What the demo's operator declared on the day the console was set up; nothing of it was sent to a machine yet. */
export async function seedLayers(client: Client, { nowMs }: { nowMs: number }): Promise<void> {
  const layers = await client.overlay.layers()
  if (layers.some(({ revision }) => revision > 0)) return
  const named = (kind: LayerRef['kind'], label: string): LayerRef => {
    const found = layers.find((each) => each.layer.kind === kind && each.label === label)
    if (!found) throw new Error(`the demo has no layer ${label}`)
    return found.layer
  }
  const save = (layer: LayerRef, wanted: LayerContent, because: string) =>
    client.overlay.save({ layer, baseRevision: 0, content: wanted, because })
  await save(
    { kind: 'fleet', key: '' },
    content({
      sections: {
        model: { primary: 'anthropic/claude-x' },
        logging: { level: 'info', messageAudit: 'direct' },
        retention: { conversationDays: 90 },
        updates: { checkAtStart: false },
      },
    }),
    'What every machine owes its client',
  )
  await save(
    named('niche', 'Niche roofer'),
    content({ raw: { openclaw: { 'agents.defaults.heartbeat.every': '30m' } } }),
    'Roofers ask for quotes from the roof and wait for them',
  )
  await save(
    named('client', 'Lakeside Homes'),
    content({ sections: { channels: { 'imessage/default': { kind: 'clients-own' } } } }),
    'It is Priya’s own number',
  )
  await save(
    named('box', 'lab-mini'),
    content({
      excepts: [
        {
          path: 'sections.logging.level',
          untilMs: nowMs + 12 * dayMs,
          because: 'we are watching the new reply queue',
        },
      ],
    }),
    'The reply queue of the next version is tried there',
  )
}
