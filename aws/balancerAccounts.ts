/**
 * The accounts from which Elastic Load Balancing writes access logs into a bucket, in the regions that were there before it
 * had a name as a service (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
 */
export const balancerAccounts: readonly string[] = [
  ...["127311923021", "033677994240", "027434742980", "797873946194", "985666609251", "507241528517"],
  ...["098369216593", "076674570225", "754344448648", "589379963580", "718504428378", "383597477331"],
  ...["600734575887", "114774131450", "783225319266", "582318560864", "054676820928", "156460612806"],
  ...["652711504416", "635631232127", "009996457667", "897822967062", "048591011584", "190560391635"],
  ...["638102146993", "037604701340"],
];
