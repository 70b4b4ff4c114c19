import { type Container, containers } from "../containers";
import { leaveNames } from "../mends";
import { resourceRule } from "../rule";
import { isOpenSecret, openSecretsIn, passwordWithin } from "../secretShapes";
import { texts } from "../settings";
import { types } from "../../aws/types";
import { asText, type Finding, findingIn, known, objects, parsed, type Properties } from "../values";

/** Whether a variable has a secret for a value. */
const isOpen = (name: string, value: unknown) =>
  isOpenSecret(name, asText(value ?? "")) || passwordWithin(asText(value ?? ""));

/** Names of all texts with an open secret, never the value; an unknown text hides no other. */
function openAmong(
  entries: readonly (() => readonly [name: string, value: unknown])[],
  allowed: readonly string[],
  where = "the environment",
): Finding {
  const openName = (entry: () => readonly [string, unknown]) => {
    const [name, value] = entry();
    return !allowed.includes(name) && isOpen(name, value) && name;
  };
  const open = entries.flatMap((entry) => known(() => openName(entry)) || []);
  if (open.length > 0)
    return `${open.join(", ")} ${open.length > 1 ? "are" : "is"} in plain text in ${where}`;
  return findingIn(entries, (entry) => openName(entry) && "");
}

const written = (texts: readonly string[], where: string): Finding => {
  const open = [...new Set(texts.flatMap(openSecretsIn))];
  return open.length > 0 && `${open.join(", ")} ${open.length > 1 ? "are" : "is"} in plain text in ${where}`;
};

/** Text of a start-up script, which AWS takes as it is or in base 64. */
const script = (properties: Properties): readonly string[] =>
  ["userData", "userDataBase64"].flatMap((property) => {
    const text = properties[property];
    if (typeof text !== "string" || text === "") return [];
    return [text, Buffer.from(text, "base64").toString("utf8")];
  });

/** Every text of a document, with names in front of their values, as they stand on a command line. */
function textsIn(document: unknown): readonly string[] {
  if (typeof document === "string") return [document];
  if (typeof document !== "object" || document === null) return [];
  const { name, value } = document as { name?: unknown; value?: unknown };
  const pair = typeof name === "string" && typeof value === "string" ? [`${name}=${value}`] : [];
  const members = Object.entries(document).flatMap(([key, each]) =>
    typeof each === "string" && !Array.isArray(document) ? [`${key}=${each}`] : textsIn(each),
  );
  return [...pair, ...members];
}

type Named = Properties | readonly { readonly name?: unknown; readonly value?: unknown }[];

/** Names and values of an object, or of a list of them; each is read when it is asked for. */
const entriesOf = (named: Named | null | undefined): readonly (() => readonly [string, unknown])[] =>
  Array.isArray(named)
    ? objects(named).map((entry) => () => [asText(entry["name"]), entry["value"]] as const)
    : Object.keys(named ?? {}).map(
        (name) => () => [name.replace(/[-./]/g, "_"), (named as Properties)[name]] as const,
      );

/** Variables of a build; those of other types than plain text only name a secret. */
const buildVariables = (properties: Properties): Named => {
  const { environmentVariables } = (properties["environment"] ?? {}) as { environmentVariables?: unknown };
  return objects(environmentVariables).filter(({ type }) => (type ?? "PLAINTEXT") === "PLAINTEXT");
};

/** Places of possible secrets, by resource type. */
type Place = (properties: Properties, allowed: readonly string[]) => Finding;

const inContainers =
  (judge: (container: Container, allowed: readonly string[]) => Finding): Place =>
  (properties, allowed) =>
    findingIn(containers(properties), (container) => judge(container, allowed));

const inScript: Place = (properties) => written(script(properties), "a start-up script");
const inJob: Place = ({ input }) => written(textsIn(parsed(input)), "what a job is told");

/** What a build runs, where it is written in the project itself. */
const inBuild: Place = ({ source }) => {
  const { buildspec } = (source ?? {}) as { buildspec?: unknown };
  return typeof buildspec === "string" && written([buildspec], "what a build runs");
};

/** Variables of App Runner, however deep they stand. */
const inAppService: Place = ({ sourceConfiguration }, allowed) => {
  const { imageRepository, codeRepository } = (sourceConfiguration ?? {}) as Readonly<
    Record<
      string,
      { imageConfiguration?: Variables; codeConfiguration?: { codeConfigurationValues?: Variables } }
    >
  >;
  return findingIn(
    [imageRepository?.imageConfiguration, codeRepository?.codeConfiguration?.codeConfigurationValues],
    (each) => openAmong(entriesOf(each?.runtimeEnvironmentVariables), allowed),
  );
};
interface Variables {
  readonly runtimeEnvironmentVariables?: Properties;
}

/** A job of AWS Batch has one container, in words of its own. */
const inBatchJob: Place = ({ containerProperties }, allowed) => {
  const job = (parsed(containerProperties) ?? {}) as { environment?: Named; command?: unknown };
  return (
    openAmong(entriesOf(job.environment), allowed) ||
    written([[job.command ?? []].flat().map(asText).join(" ")], "a command")
  );
};

const places: Readonly<Record<string, readonly Place[]>> = {
  [types.taskDefinition]: [
    inContainers(({ environment }, allowed) =>
      openAmong(
        environment.map((entry) => () => [entry.name, entry.value] as const),
        allowed,
      ),
    ),
    inContainers(({ command, entryPoint }) => written([[...entryPoint, ...command].join(" ")], "a command")),
    inContainers(({ healthCommand }) => written([healthCommand.join(" ")], "a health check")),
    inContainers(({ logOptions }) => openAmong(entriesOf(logOptions), [])),
    inContainers(({ labels }) => openAmong(entriesOf(labels), [], "a label")),
    inContainers(({ labels }) => written(Object.values(labels).map(asText), "a label")),
  ],
  [types.function]: [
    ({ environment }, allowed) =>
      openAmong(entriesOf((environment as { variables?: Properties } | null)?.variables), allowed),
  ],
  [types.buildProject]: [
    (properties, allowed) => openAmong(entriesOf(buildVariables(properties)), allowed),
    inBuild,
  ],
  [types.appService]: [inAppService],
  [types.jobDefinition]: [inBatchJob],
  [types.webApp]: [
    ({ environmentVariables }, allowed) => openAmong(entriesOf(environmentVariables as Named), allowed),
  ],
  [types.beanstalk]: [({ settings }, allowed) => openAmong(entriesOf(settings as Named), allowed)],
  [types.instance]: [inScript],
  [types.launchTemplate]: [inScript],
  [types.launchConfiguration]: [inScript],
  [types.eventTarget]: [inJob],
  [types.schedule]: [({ target }, allowed) => inJob((target ?? {}) as Properties, allowed)],
  [types.parameter]: [
    ({ type, name, value }, allowed) =>
      type !== "SecureString" &&
      openAmong(
        [() => [asText(name).split("/").at(-1)!.replace(/[-.]/g, "_"), value]],
        allowed,
        "a parameter",
      ),
  ],
};

export const noSecretInEnvironment = resourceRule(
  {
    name: "no-secret-in-environment",
    type: Object.keys(places),
    description:
      "No password, token or key stands openly in an environment, a command, a label, a script or a parameter",
    subject: "variable, option or script",
    severity: "critical",
    requirements: ["G-68", "G-69", "G-188"],
    remedy: "put it into Secrets Manager and name it in the container's secrets",
    mends: [leaveNames("environment", isOpen)],
    publicChecks: ["AWS-0036", "CKV_AWS_45", "CKV_AWS_46", "ECS2", "ECS.8"],
    settings: { allowed: texts([], "Names of variables that only look like secrets.") },
  },
  [(properties, { allowed }, { type }) => findingIn(places[type], (place) => place(properties, allowed))],
);
