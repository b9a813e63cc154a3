import { builder } from "./builder.ts";
import { keyFaults, refused, repeatableFields, requestOf } from "./mutation-input.ts";
import { commandsDescription, payloadOf } from "./mutation-payload.ts";
import { PowerActionEnum, PowerStateEnum } from "./vm-states.ts";
import { VmType } from "./vm-type.ts";

const SetPowerInput = builder.inputType("SetPowerInput", {
  description: "Which VM, and what to do with its power.",
  fields: (t) => ({
    vmId: t.id({ required: true, description: "The VM's `id`." }),
    action: t.field({ type: PowerActionEnum, required: true, description: "What to do." }),
    expectedPowerState: t.field({
      type: PowerStateEnum,
      description: "CONFLICT unless the VM is in this state: so that a stale screen does no harm.",
    }),
    ...repeatableFields(t),
  }),
});

const SetPowerPayload = payloadOf("SetPowerPayload", "What came of `setPower`.");

builder.objectFields(SetPowerPayload, (t) => ({
  vm: t.field({
    type: VmType,
    nullable: true,
    description: "The VM as it is known now; its change follows by `vmsChanged`. Null when there is none.",
    resolve: ({ subject }, _, { inventory }) => inventory.vm(subject),
  }),
  commands: t.stringList({ description: commandsDescription, resolve: ({ answer }) => answer.commands }),
}));

builder.mutationField("setPower", (t) =>
  t.field({
    type: SetPowerPayload,
    description:
      "Changes a VM's power. Answers with the task at once; the state observed on the host settles the task. " +
      "Where the VM already is in the wanted state, nothing is sent.",
    args: { input: t.arg({ type: SetPowerInput, required: true, description: "What to do." }) },
    resolve: async (_, { input }, context) => {
      const faults = keyFaults(input);
      const { vmId, action, expectedPowerState = null } = input;
      const request = { ...requestOf(input, context), vmId, action, expectedPowerState };
      return { subject: vmId, answer: faults.length > 0 ? refused(faults) : await context.tasks.setPower(request) };
    },
  }),
);
