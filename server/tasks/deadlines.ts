/** How long each kind of work is watched before it ends without a verdict, in ms since its command was sent. */
import type { PowerAction } from "../model.ts";

export interface Deadlines {
  readonly power: Readonly<Record<PowerAction, number>>;
  readonly answer: number;
  /** When what became of a creation can't be seen for so long, its task says UNKNOWN, and goes on looking. */
  readonly creationDoubt: number;
  /** After a restart of the server work is watched for so long at least, however long ago it was sent. */
  readonly afterRestart: number;
}

const minute = 60_000;

export const defaultDeadlines: Deadlines = {
  power: {
    ON: 3 * minute,
    OFF: 2 * minute,
    SHUTDOWN: 5 * minute,
    REBOOT: 5 * minute,
    RESET: 2 * minute,
    // The guest's whole memory is written to the datastore.
    SUSPEND: 15 * minute,
  },
  answer: 2 * minute,
  creationDoubt: minute,
  afterRestart: 2 * minute,
};
