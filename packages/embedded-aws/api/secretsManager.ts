// Secrets Manager: reading a secret.
import { AwsError } from "../models/model";
import { currentValue } from "../models/secretsManager";
import { authorize, type Operation, type Operations } from "./call";

const secretType = "aws:secretsmanager/secret:Secret";

const getSecretValue: Operation = (input, caller) => {
  const { account } = caller.context;
  const wanted = String(input.SecretId);
  const secret =
    account.find(secretType, "arn", wanted) ??
    account.list(secretType).find(({ id, outputs }) => outputs.name === wanted || id.slice(0, -7) === wanted);
  authorize(caller, "secretsmanager:GetSecretValue", secret?.id ?? wanted);
  const value = secret && currentValue(secret.id, caller.context);
  if (!secret || value === undefined) {
    const what = secret ? "the specified secret value for staging label: AWSCURRENT" : "the specified secret";
    throw new AwsError("ResourceNotFoundException", `Secrets Manager can't find ${what}.`);
  }
  return {
    ARN: secret.id,
    Name: secret.outputs.name,
    SecretString: value,
    VersionStages: ["AWSCURRENT"],
  };
};

export const operations: Operations = { GetSecretValue: getSecretValue };
