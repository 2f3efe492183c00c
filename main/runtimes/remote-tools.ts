/** Programs that let somebody in from afar (`control`), or join the machine to a network (`network`). */
export interface RemoteTool {
  readonly name: string
  readonly kind: 'control' | 'network'
  /** Where it stands when it is installed; `*` at the end: any name that begins so. `~` is the login's home. */
  readonly places: Readonly<Record<'darwin' | 'linux' | 'win32', readonly string[]>>
  /** Name of its process, without `.exe`. */
  readonly process: RegExp
}

const apps = (...names: string[]): string[] =>
  names.flatMap((name) => [`/Applications/${name}`, `~/Applications/${name}`])
const programs = (...names: string[]): string[] =>
  names.flatMap((name) => [`C:\\Program Files\\${name}`, `C:\\Program Files (x86)\\${name}`])

/** Well-known places and process names, from the vendors' own installers. */
export const remoteTools: readonly RemoteTool[] = [
  {
    name: 'AnyDesk',
    kind: 'control',
    places: {
      darwin: apps('AnyDesk.app'),
      linux: ['/usr/bin/anydesk', '/opt/anydesk', '/usr/local/bin/anydesk', '~/.local/bin/anydesk', '~/anydesk*'],
      win32: programs('AnyDesk'),
    },
    process: /^anydesk/i,
  },
  {
    name: 'TeamViewer',
    kind: 'control',
    places: {
      darwin: apps('TeamViewer.app', 'TeamViewerHost.app', 'TeamViewer QuickSupport.app'),
      linux: ['/opt/teamviewer', '/usr/bin/teamviewer', '~/teamviewer*'],
      win32: programs('TeamViewer'),
    },
    process: /^teamviewer/i,
  },
  {
    name: 'RustDesk',
    kind: 'control',
    places: {
      darwin: apps('RustDesk.app'),
      linux: ['/usr/bin/rustdesk', '/usr/share/rustdesk', '/usr/lib/rustdesk', '~/.local/bin/rustdesk'],
      win32: programs('RustDesk'),
    },
    process: /^rustdesk/i,
  },
  {
    name: 'ScreenConnect',
    kind: 'control',
    places: {
      darwin: ['/opt/connectwisecontrol-*', '/opt/screenconnect*', '/Applications/ScreenConnect*'],
      linux: ['/opt/connectwisecontrol-*', '/opt/screenconnect*'],
      win32: programs('ScreenConnect Client*'),
    },
    process: /^(screenconnect|connectwisecontrol)/i,
  },
  {
    name: 'Splashtop',
    kind: 'control',
    places: {
      darwin: apps('Splashtop Streamer.app', 'Splashtop SOS.app'),
      linux: ['/opt/splashtop-streamer', '/opt/splashtop*'],
      win32: programs('Splashtop'),
    },
    process: /^(splashtop|srstreamer|srserver)/i,
  },
  {
    name: 'Chrome Remote Desktop',
    kind: 'control',
    places: {
      darwin: ['/Library/PrivilegedHelperTools/ChromeRemoteDesktopHost.bundle'],
      linux: ['/opt/google/chrome-remote-desktop'],
      win32: programs('Google\\Chrome Remote Desktop'),
    },
    process: /^(remoting_me2me_host|remoting_host|chrome-remote-desktop)/i,
  },
  {
    name: 'LogMeIn',
    kind: 'control',
    places: {
      darwin: ['/Library/Application Support/LogMeIn', '/Applications/LogMeIn*'],
      linux: [],
      win32: programs('LogMeIn', 'GoTo Resolve Applet', 'LogMeIn Rescue*'),
    },
    process: /^(logmein|lmiguardian|lmirescue|goto-resolve|gotoresolve)/i,
  },
  {
    name: 'VNC server',
    kind: 'control',
    places: {
      darwin: ['/Library/vnc', ...apps('VNC Server.app', 'Vine Server.app')],
      linux: [
        '/usr/bin/x11vnc',
        '/usr/bin/vncserver',
        '/usr/bin/Xvnc',
        '/usr/bin/tigervncserver',
        '/usr/bin/x0vncserver',
        '/usr/bin/vncserver-x11',
        '/usr/libexec/vino-server',
        '/usr/bin/wayvnc',
      ],
      win32: programs('RealVNC', 'TightVNC', 'uvnc bvba\\UltraVNC'),
    },
    process: /^(x11vnc|xvnc|x0vncserver|vncserver|tvnserver|winvnc|vino-server|wayvnc|krfb)/i,
  },
  {
    name: 'Remote desktop server',
    kind: 'control',
    places: {
      darwin: [],
      linux: ['/usr/sbin/xrdp', '/usr/libexec/gnome-remote-desktop-daemon'],
      win32: [],
    },
    process: /^(xrdp|gnome-remote-de)/i,
  },
  {
    name: 'Apple Remote Desktop',
    kind: 'control',
    places: {
      // Written when Remote Management is turned on, removed when it is turned off.
      darwin: ['/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd'],
      linux: [],
      win32: [],
    },
    process: /^ARDAgent$/,
  },
  {
    name: 'Screen Sharing',
    kind: 'control',
    places: { darwin: [], linux: [], win32: [] },
    process: /^screensharingd$/,
  },
  {
    name: 'Tailscale',
    kind: 'network',
    places: {
      darwin: [...apps('Tailscale.app'), '/opt/homebrew/bin/tailscaled', '/usr/local/bin/tailscaled'],
      linux: ['/usr/sbin/tailscaled', '/usr/bin/tailscaled', '/usr/local/bin/tailscaled'],
      win32: programs('Tailscale'),
    },
    process: /^(tailscaled|tailscale)/i,
  },
  {
    name: 'ZeroTier',
    kind: 'network',
    places: {
      darwin: [...apps('ZeroTier.app'), '/Library/Application Support/ZeroTier'],
      linux: ['/usr/sbin/zerotier-one', '/var/lib/zerotier-one'],
      win32: programs('ZeroTier'),
    },
    process: /^zerotier/i,
  },
]
