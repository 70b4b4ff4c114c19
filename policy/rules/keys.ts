import { stackRule } from "../rule";
import { has } from "../stack";
import { types } from "../../aws/types";
import type { Properties } from "../values";

/** Whether AWS can give a key new material by itself: only a symmetric one that encrypts. */
const canRotate = ({ customerMasterKeySpec, keyUsage, customKeyStoreId }: Properties) =>
  (customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
  (keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
  !customKeyStoreId;

export const keysRotate = stackRule(
  {
    name: "keys-rotate",
    description: "A key gets new material every year, so that what leaks once does not open everything",
    severity: "medium",
    requirements: ["GAP-5"],
    remedy: "enableKeyRotation: true",
    publicChecks: ["CKV_AWS_7", "AWS-0065", "KMS5", "KMS.4"],
    subject: "symmetric key",
  },
  function* (stack) {
    for (const key of stack.ofType(types.key)) {
      const isTurnedOff = has(key, "enableKeyRotation") || stack.is("chatpop");
      yield* stack.judge(
        key,
        () =>
          canRotate(key.props) &&
          key.props["enableKeyRotation"] !== true &&
          "keeps its material for ever (enableKeyRotation)",
        isTurnedOff ? undefined : "low",
      );
    }
  },
);

export const topicsEncrypted = stackRule(
  {
    name: "topic-encrypted",
    description: "What a topic holds until it is delivered is encrypted",
    severity: "low",
    level: "advisory",
    requirements: ["G-195"],
    remedy: "kmsMasterKeyId: a key whose policy lets CloudWatch, EventBridge and Budgets in",
    publicChecks: ["CKV_AWS_26", "AWS-0095", "SNS2"],
  },
  function* (stack) {
    // AWS no longer asks it of every topic; the chat's alarms name its users' errors.
    if (!stack.runsTheChat()) return stack.lacks("component of the chat");
    for (const topic of stack.ofType(types.topic)) {
      yield* stack.judge(topic, () => !has(topic, "kmsMasterKeyId") && "holds notices in plain text");
    }
  },
);
