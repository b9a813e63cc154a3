/** Scripts at work on the host, each a process that can be asked for and killed. */
export interface Processes {
  /** A new one; the signal fires when it is killed. */
  start(): Process;
  isAlive(pid: number): boolean;
  /** False: there is none. */
  kill(pid: number): boolean;
  killAll(): void;
}

export interface Process {
  readonly pid: number;
  readonly control: AbortController;
  end(): void;
}

export function createProcesses(): Processes {
  const alive = new Map<number, AbortController>();
  let nextPid = 2_098_304;
  const kill = (pid: number): boolean => {
    alive.get(pid)?.abort();
    return alive.delete(pid);
  };
  return {
    kill,
    start: () => {
      const pid = nextPid;
      const control = new AbortController();
      nextPid += 8;
      alive.set(pid, control);
      return { pid, control, end: () => void alive.delete(pid) };
    },
    isAlive: (pid) => alive.has(pid),
    killAll: () => {
      for (const pid of alive.keys()) kill(pid);
    },
  };
}
