import { builder } from "./builder.ts";
import { withoutNulls } from "./inputs.ts";
import { keyFaults, refused, repeatableFields, requestOf } from "./mutation-input.ts";
import { commandsDescription, payloadOf } from "./mutation-payload.ts";
import { FirmwareEnum } from "./node-parts.ts";
import { VmType } from "./vm-type.ts";

const CreateVmInput = builder.inputType("CreateVmInput", {
  description:
    "The VM that is wanted. What hosts.yml gives for the node may be left out, and so may everything that has a default.",
  fields: (t) => ({
    node: t.string({ required: true, description: "Name of the node to create it on." }),
    name: t.string({
      required: true,
      description:
        "1 to 80 letters, digits, blanks and . _ ( ) + -, a letter or digit first, no blank or dot last; not taken on the node.",
    }),
    numCpu: t.int({ description: "Virtual CPUs, 1 to the node's hardware threads. Default 1." }),
    memorySizeMb: t.int({
      description: "Memory in MB (2^20 bytes), in steps of 4, no more than the node has. Default 1024.",
    }),
    diskSizeGb: t.int({
      description: "Size of its disk in GB (2^30 bytes), thin provisioned, no more than is free. Default 30.",
    }),
    datastore: t.string({
      description: "Name of the datastore for its files, or its path. Default: the node's in hosts.yml.",
    }),
    isoPath: t.string({
      description:
        "Installation image: full path on the host, or `[datastore] folder/image.iso`. Default: the node's in hosts.yml; an empty text: none.",
    }),
    portGroup: t.string({
      description: "Port group that its network card is connected to. Default: the node's in hosts.yml.",
    }),
    guestId: t.string({
      description:
        "Guest operating system, one of `Node.guestSystems`. Default: by the installation image's name, else other 64-bit Linux.",
    }),
    firmware: t.field({ type: FirmwareEnum, description: "Default: what fits the guest operating system." }),
    comment: t.string({ description: "Its annotation: any text of up to 4000 characters, line breaks included." }),
    powerOn: t.boolean({ description: "Switch it on when it is there. Default false." }),
    ...repeatableFields(t),
  }),
});

const CreateVmPayload = payloadOf("CreateVmPayload", "What came of `createVm`.");

builder.objectFields(CreateVmPayload, (t) => ({
  vm: t.field({
    type: VmType,
    nullable: true,
    description: "The VM, once it is registered: null at first, there for a repeated request. See `task.vm`.",
    resolve: ({ answer: { task } }, _, { inventory }) =>
      task === null || task.vmId === null ? null : inventory.vm(task.vmId),
  }),
  commands: t.stringList({ description: commandsDescription, resolve: ({ answer }) => answer.commands }),
  vmx: t.string({
    nullable: true,
    description: "For a dry run: the configuration file that would be written, to the byte.",
    resolve: ({ answer }) => answer.files?.find(({ path }) => path.endsWith(".vmx"))?.text,
  }),
}));

builder.mutationField("createVm", (t) =>
  t.field({
    type: CreateVmPayload,
    description:
      "Creates a VM: its folder, a thin disk, its configuration, its registration. Answers with the task at once. It either gives a VM " +
      "that is what was asked for, or leaves the host as it was, and the task says which.",
    args: { input: t.arg({ type: CreateVmInput, required: true, description: "The VM that is wanted." }) },
    resolve: async (_, { input }, context) => {
      const faults = keyFaults(input);
      const { idempotencyKey: _key, dryRun: _dryRun, ...wanted } = withoutNulls(input);
      const request = { ...requestOf(input, context), ...wanted };
      return {
        subject: input.name,
        answer: faults.length > 0 ? refused(faults) : await context.tasks.createVm(request),
      };
    },
  }),
);
