import { z } from "zod";

/**
 * What Home Assistant takes, written from its documents: "Device discovery payload" of its MQTT
 * integration, and the options of the MQTT sensor and binary sensor. Its own check refuses fields
 * that it does not know in `dev`, `o` and each component; so does this one.
 */

/** Whom it is meant for, in its discovery topics. */
export const DISCOVERY_TOPIC = /^homeassistant\/device\/(?:[\w-]+\/)?[\w-]+\/config$/;

/** MQTT has no `+`, `#` or NUL in a topic that is not a filter. */
const topic = z.string().min(1).max(65_535).regex(/^[^+#\0]+$/);
const template = z.string().regex(/^\{\{ .+ \}\}$/);
const text = z.string().min(1);

const component = {
  // Needed in a message that describes a device, and once for each thing.
  unique_id: text, state_topic: topic, name: text, value_template: template.optional(),
  entity_category: z.enum(["config", "diagnostic"]).optional(),
};

const sensor = z.strictObject({
  p: z.literal("sensor"), ...component, device_class: z.literal("enum").optional(),
  options: z.array(text).nonempty().optional(),
}).refine(({ device_class: kind, options }) => (kind === "enum") === (options !== undefined),
  "options go with the class enum, and it with them");

const binary = z.strictObject({
  p: z.literal("binary_sensor"), ...component, device_class: z.literal("problem").optional(),
});

export const HOME_ASSISTANT = z.strictObject({
  dev: z.strictObject({
    ids: z.array(text).nonempty(), name: text.optional(), mf: text.optional(), mdl: text.optional(),
  }),
  o: z.strictObject({ name: text, sw: text.optional(), url: z.url().optional() }),
  cmps: z.record(text, z.discriminatedUnion("p", [sensor, binary])),
  availability_topic: topic, qos: z.literal([0, 1, 2]),
});
