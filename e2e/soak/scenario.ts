/** A long run that can be repeated from its seed. The test of the same name in e2e/ runs it with few rounds. */
export interface Scenario {
  /** What is given on the command line. */
  readonly name: string;
  /** One line: what is done, and what must hold. */
  readonly about: string;
  /** How many rounds a soak makes. */
  readonly rounds: number;
  /** Answers what was done and measured; throws what did not hold, with all that is needed to see it again. */
  run(options: ScenarioOptions): Promise<Figures>;
}

export interface ScenarioOptions {
  readonly seed: number;
  readonly rounds: number;
  /** How many times longer than promised something may take, where much else runs on the machine. Default 1. */
  readonly slack?: number;
  /** Called now and then with how far it is. */
  readonly onProgress?: (line: string) => void;
}

/** What was counted or measured, unit in the name. */
export type Figures = Readonly<Record<string, number | string>>;
