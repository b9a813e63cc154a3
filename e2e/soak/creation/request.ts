import type { SimulatedHost } from "../../../simulator/simulator.ts";
import type { CreationInput, CreationTask } from "./creation-client.ts";

/** A creation that was asked for, and all that is known of it. */
export interface Request {
  readonly input: CreationInput;
  readonly host: SimulatedHost;
  readonly twin: SimulatedHost;
  /** `/vmfs/volumes/UUID` of its datastore. */
  readonly mountPoint: string;
  /** As a dry run told it. */
  readonly vmx: string;
  /** How long the action log was when it was drawn. */
  readonly logLength: number;
  wasCancelled: boolean;
  taskId: string | undefined;
  task: CreationTask | undefined;
}
