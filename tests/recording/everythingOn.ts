import { mediaDistribution } from "../signingKey";

/** Settings that turn everything on at `large` that can be turned on together. */
export const everythingOn: Readonly<Record<string, string>> = {
  ...mediaDistribution,
  domain: "chat.example.com",
  webFirewall: "true",
  accessLogs: "true",
  flowLogs: "all",
  backupCopyRegion: "us-west-2",
  deployRepository: "octo-org/octo-repo",
  alarmEmail: "on-call@example.com",
  alarmWebhook: "https://example.com/sns",
  monthlyBudget: "5000",
  requestsPerTarget: "1000",
  scheduledScaling: `{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":20}}`,
};
