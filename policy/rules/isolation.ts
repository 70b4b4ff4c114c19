import { types } from "../../aws/types";
import { containers } from "../containers";
import { groupsOf } from "../ingress";
import { isInternet } from "../networks";
import { resourceRule, stackRule } from "../rule";
import { asText, type Entries, findingIn, type Properties } from "../values";

/** Rights with which a process leaves its container, or reads what passes by. */
const powers = [
  "ALL",
  "SYS_ADMIN",
  "SYS_MODULE",
  "SYS_RAWIO",
  "DAC_READ_SEARCH",
  "BPF",
  "NET_ADMIN",
  "NET_RAW",
];

/** What of a host gives its holder the whole of it. */
const wholeHost = /^\/$|^\/(etc|root|boot|dev)\/?$|(docker|containerd|podman)\.sock$/;

export const containersConfined = resourceRule(
  {
    name: "containers-confined",
    type: types.taskDefinition,
    description: "A container is no master of its host, whose other containers have secrets of their own",
    severity: "high",
    requirements: ["G-58", "GAP-5"],
    remedy:
      "privileged: false, no capabilities.add beyond what the program needs, no pidMode and ipcMode host, and no volume of the host's socket",
    publicChecks: ["ECS.3", "ECS.4"],
  },
  [
    (properties) =>
      findingIn(
        containers(properties),
        ({ name, privileged }) => privileged && `container ${name} is root on its host (privileged)`,
      ),
    (properties) =>
      findingIn(containers(properties), ({ name, capabilities }) => {
        const has = capabilities.filter((each) => powers.includes(each.replace(/^CAP_/, "")));
        return has.length > 0 && `container ${name} has ${has.join(", ")} (capabilities.add)`;
      }),
    ...["pidMode", "ipcMode"].map(
      (property) => (properties: Properties) =>
        properties[property] === "host" && `sees the processes of its whole host (${property} host)`,
    ),
    ({ volumes }) =>
      findingIn(
        volumes as Entries<{ hostPath?: string }>,
        ({ hostPath }) =>
          hostPath && wholeHost.test(hostPath) && `is handed ${hostPath} of its host, and with it the host`,
      ),
  ],
);

/** The way out that AWS itself and other services are reached by. */
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

export const tasksLeaveByHttps = stackRule(
  {
    name: "tasks-leave-by-https",
    description: "Tasks reach the internet on port 443 only, so that whoever gets in gets little out",
    severity: "medium",
    requirements: ["GAP-13"],
    remedy: "an egress rule with fromPort and toPort 443, and groups instead of networks for everything else",
    publicChecks: ["CKV_AWS_382", "AWS-0104"],
    subject: "way out to the internet",
  },
  function* (stack) {
    for (const group of groupsOf(stack, types.service)) {
      for (const rule of stack.madeOf(group, types.egressRule, "securityGroupId")) {
        yield* stack.judge(rule, () =>
          findingIn(["cidrIpv4", "cidrIpv6"], (property) => {
            const network = rule.props[property];
            if (network === undefined || !isInternet(asText(network))) return undefined;
            return findingIn(
              Object.entries(https),
              ([key, value]) =>
                rule.props[key] !== value && `lets ${group.name} reach the internet on more than port 443`,
            );
          }),
        );
      }
    }
  },
);
