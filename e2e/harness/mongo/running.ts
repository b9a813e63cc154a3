/** A MongoDB server for tests, whichever it is and whoever started it. */
export interface RunningMongo {
  /** As it is told in the output: what it is, its version, and whose. */
  readonly name: string;
  /** Whether it is one that was named from outside, real ones started here, or something that only speaks like one. */
  readonly kind: "given" | "mongod" | "stand-in";
  /** Connection string without a database. May hold a password: it is never printed. */
  readonly url: string;
  /** Ends what was started here; a given server is left alone. */
  end(): Promise<void>;
}

/** Why a kind of server is not to be had on this machine. */
export interface NotHere {
  readonly notHere: string;
}
