import { ChoiceLeaf, ListLeaf, NumberLeaf, TextLeaf, YesNoLeaf } from './leaves.tsx'

export function Model() {
  return (
    <>
      <TextLeaf
        path={['model', 'primary']}
        label="Model"
        mono
        placeholder="anthropic/claude-sonnet-4-5"
        wrong="A model as provider/model."
      />
      <ListLeaf
        path={['model', 'fallbacks']}
        label="Steps in when it fails"
        mono
        wrong="Models as provider/model, at most 10, with commas between them."
        help="In this order, with commas between them."
      />
      <NumberLeaf
        path={['model', 'mostPerDay']}
        label="Most it may cost in a day, US dollars"
        whole={false}
        wrong="An amount above 0, such as 4.50."
        help="A runtime without a limit of its own says so for each machine, at the right."
      />
    </>
  )
}

export function Heartbeat() {
  const time = 'A time of day as 08:30.'
  return (
    <>
      <NumberLeaf
        path={['heartbeat', 'everyMinutes']}
        label="Looks at its own list every, minutes"
        wrong="A whole number of minutes up to 10080, 0 for never."
        help="0: never."
      />
      <TextLeaf path={['heartbeat', 'from']} label="Only from" placeholder="08:30" narrow wrong={time} />
      <TextLeaf
        path={['heartbeat', 'to']}
        label="Only until"
        placeholder="18:00"
        narrow
        wrong={time}
        help="In the client’s own time zone. 24:00 is the end of the day."
      />
      <YesNoLeaf path={['heartbeat', 'mayWrite']} label="Writes to a person by itself" yes="It may" no="It may not" />
    </>
  )
}

export function Logging() {
  return (
    <>
      <ChoiceLeaf
        path={['logging', 'level']}
        label="What is logged"
        options={[
          { value: 'error', label: 'Errors' },
          { value: 'warn', label: 'Warnings too' },
          { value: 'info', label: 'What it does' },
          { value: 'debug', label: 'Every step' },
        ]}
      />
      <TextLeaf
        path={['logging', 'file']}
        label="A log file of its own"
        mono
        wrong="An absolute path on the machine."
        help="Dated log files are dropped after a day; this one is not."
      />
      <NumberLeaf
        path={['logging', 'mostMegabytes']}
        label="Largest size of that file, megabytes"
        wrong="A whole number from 1 to 10000."
      />
      <YesNoLeaf path={['logging', 'audit']} label="Runs and tools are written down, without content" />
      <ChoiceLeaf
        path={['logging', 'messageAudit']}
        label="That messages came in and were answered"
        help="Without their content. After an outage it says which messages were lost."
        options={[
          { value: 'off', label: 'Not written down' },
          { value: 'direct', label: 'Direct messages' },
          { value: 'all', label: 'Direct messages and groups' },
        ]}
      />
    </>
  )
}

export function Retention() {
  const days = 'A whole number of days from 1 to 3650.'
  return (
    <>
      <NumberLeaf
        path={['retention', 'conversationDays']}
        label="Conversations that rest are put away after, days"
        wrong={days}
        help="Under 90 days a finding says so: what was promised to a buyer has to be there."
      />
      <NumberLeaf path={['retention', 'archiveDays']} label="And kept after that for, days" wrong={days} />
      <NumberLeaf
        path={['retention', 'automationDays']}
        label="Runs of its own timetable are kept for, days"
        wrong={days}
      />
    </>
  )
}

export function Escalation() {
  return (
    <>
      <TextLeaf
        path={['escalation', 'humanNumber']}
        label="Human number"
        wrong="A number of at most 200 signs."
        help="A person’s number, as the client would dial it."
      />
      <TextLeaf path={['escalation', 'humanName']} label="Whose number it is" wrong="At most 120 signs." />
      <TextLeaf
        path={['escalation', 'fallbackSentence']}
        label="Reply when it cannot help"
        wrong="At most 500 signs."
        help="Said instead of guessing."
      />
    </>
  )
}

export function Updates() {
  return (
    <>
      <YesNoLeaf
        path={['updates', 'automatic']}
        label="Updates itself"
        yes="It may"
        no="It may not"
        help="An update at night removed settings, and an agent was down for 18 hours. A finding stays open while this is on."
      />
      <YesNoLeaf
        path={['updates', 'checkAtStart']}
        label="Looks for a newer version when it starts"
        yes="Yes"
        no="No"
      />
      <TextLeaf
        path={['updates', 'version']}
        label="The version it is to have"
        mono
        narrow
        placeholder="2026.9.6"
        wrong="A version as 2026.9.6."
        help="Nothing is installed by this; a machine with another version is told."
      />
    </>
  )
}
