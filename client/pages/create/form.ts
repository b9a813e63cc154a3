/** What is filled in, as it was typed, and how it stands in the address. Pure. */
import type { Firmware } from "../../gql/graphql.ts";

export interface Form {
  readonly node: string;
  readonly name: string;
  readonly cpu: string;
  /** MB. */
  readonly memory: string;
  /** GB. */
  readonly disk: string;
  /** Empty: as hosts.yml says. */
  readonly datastore: string;
  /** Empty: as hosts.yml says; `noImage`; or a path. */
  readonly iso: string;
  /** Empty: as hosts.yml says. */
  readonly portGroup: string;
  /** Id or name of a guest system; empty: by the image. */
  readonly guest: string;
  /** Empty: what fits the guest. */
  readonly firmware: Firmware | "";
  readonly comment: string;
  readonly powerOn: boolean;
}

export type FieldName = keyof Form;

/** `iso`: the VM gets none, whatever hosts.yml says. */
export const noImage = "none";
/** `iso`: another path is to be typed, and was not yet. */
export const emptyPath = " ";

export interface Preset {
  readonly label: string;
  readonly cpu: string;
  readonly memory: string;
  readonly disk: string;
}

export const presets: readonly Preset[] = [
  { label: "Micro", cpu: "1", memory: "512", disk: "30" },
  { label: "Small", cpu: "1", memory: "1024", disk: "30" },
  { label: "Medium", cpu: "2", memory: "2048", disk: "50" },
  { label: "Large", cpu: "4", memory: "4096", disk: "70" },
];

export const emptyForm: Form = {
  node: "",
  name: "",
  cpu: "1",
  memory: "1024",
  disk: "30",
  datastore: "",
  iso: "",
  portGroup: "",
  guest: "",
  firmware: "",
  comment: "",
  powerOn: false,
};

const inAddress = ["node", "name", "cpu", "memory", "disk", "datastore", "iso", "portGroup", "guest"] as const;

/** What is not named keeps its default. */
export function parseForm(search: string): Form {
  const params = new URLSearchParams(search);
  const texts = inAddress.map((field) => [field, params.get(field) ?? emptyForm[field]] as const);
  const firmware = params.get("firmware")?.toUpperCase();
  return {
    ...emptyForm,
    ...(Object.fromEntries(texts) as Pick<Form, (typeof inAddress)[number]>),
    firmware: firmware === "BIOS" || firmware === "EFI" ? firmware : "",
    comment: params.get("comment") ?? "",
    powerOn: params.get("powerOn") === "true",
  };
}

/** Without a question mark; what has its default is left out, and so is the comment: it may be longer than an address. */
export function printForm(form: Form): string {
  const params = new URLSearchParams();
  for (const field of inAddress) if (form[field] !== emptyForm[field]) params.set(field, form[field]);
  if (form.firmware) params.set("firmware", form.firmware);
  if (form.powerOn) params.set("powerOn", "true");
  return params.toString();
}

export function isSameForm(a: Form, b: Form): boolean {
  return printForm(a) === printForm(b) && a.comment === b.comment;
}
